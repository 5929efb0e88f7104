import Foundation
import PackshotBindings

/// Where a photo comes from. Files and bytes are read and decoded as a part of the operation.
public enum Source: Sendable {
    /// A file. Where the system guards access to it, such as after a document picker, call
    /// `startAccessingSecurityScopedResource` first.
    case file(URL)
    /// The bytes of a file. They are copied once.
    case data(Data)
    /// Decoded already.
    case photo(Photo)

    var lowered: PackshotBindings.Source {
        switch self {
        case .file(let url): .file(path: url.filePath)
        case .data(let data): .encoded(bytes: Bytes(bytes: data))
        case .photo(let photo): .decoded(photo: photo.handle)
        }
    }
}

/// Pixels that go with the options of a cut-out.
public struct Pictures: Sendable {
    /// A matte in place of the model's.
    public var mask: Photo?
    /// Where the edge is to be worked out: black is background, white subject, everything between is not known.
    public var trimap: Photo?
    /// What stands behind the subject.
    public var background: Photo?

    /// None, unless given.
    public init(mask: Photo? = nil, trimap: Photo? = nil, background: Photo? = nil) {
        (self.mask, self.trimap, self.background) = (mask, trimap, background)
    }

    var lowered: PackshotBindings.Pictures {
        .init(mask: mask?.handle, trimap: trimap?.handle, background: background?.handle)
    }
}

/// A photo without its background, and what was found.
public struct Cutout: Sendable {
    /// The picture that was asked for.
    public let photo: Photo
    /// The matte at the photo's full size, before cropping, in gray.
    public let matte: Photo
    /// Where the edge was worked out: 0, 128 or 255; absent without edges.
    public let trimap: Photo?
    /// The smallest rectangle around everything that is at least half subject.
    public let subject: Rect?
    /// The part of the original that the picture shows.
    public let frame: Rect
    /// The separate subjects found, largest first.
    public let instances: [Instance]
    /// How sure the model is, from 0 to 1.
    public let confidence: Float
    /// How much of the old background is left in the rim, from 0 to 1.
    public let halo: Float
    /// What did the work.
    public let ran: Ran

    init(_ cutout: PackshotBindings.Cutout) {
        photo = Photo(cutout.photo)
        matte = Photo(cutout.matte)
        trimap = cutout.trimap.map(Photo.init)
        (subject, frame, instances) = (cutout.subject, cutout.frame, cutout.instances)
        (confidence, halo, ran) = (cutout.confidence, cutout.halo, cutout.ran)
    }
}

extension URL {
    /// What is no file at all stays as it is written, so that the error names it.
    var filePath: String { isFileURL ? path : absoluteString }
}
