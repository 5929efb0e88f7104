import PackshotBindings

/// A part of a photo, and where it was.
public struct Cropped: Sendable {
    /// The part, with the depth, channels, profile and metadata of the photo that came in.
    public let photo: Photo
    /// The part of the photo that was kept, before it was scaled to a size.
    public let frame: Rect
    /// The smallest rectangle around everything that is at least half subject; absent if nothing is, or nothing asked.
    public let subject: Rect?
    /// What did the work; without a model unless one looked for the subject.
    public let ran: Ran

    init(_ cropped: PackshotBindings.Cropped) {
        (photo, frame, subject, ran) = (Photo(cropped.photo), cropped.frame, cropped.subject, cropped.ran)
    }
}
