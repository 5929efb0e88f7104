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

/// Pixels that go with the options of a tool.
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

extension URL {
    /// What is no file at all stays as it is written, so that the error names it.
    var filePath: String { isFileURL ? path : absoluteString }
}
