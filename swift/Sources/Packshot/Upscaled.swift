import PackshotBindings

/// A larger photo, and what was done.
public struct Upscaled: Sendable {
    /// The larger photo, with the depth, channels, profile and metadata of the one that came in.
    public let photo: Photo
    /// By what factor both sides are larger, before they were rounded to whole pixels: 1 if nothing had to be done.
    public let scale: Double
    /// What did the work; without a model if nothing had to be done.
    public let ran: Ran

    init(_ upscaled: PackshotBindings.Upscaled) {
        (photo, scale, ran) = (Photo(upscaled.photo), upscaled.scale, upscaled.ran)
    }
}
