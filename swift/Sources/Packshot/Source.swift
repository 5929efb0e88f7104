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

extension URL {
    /// What is no file at all stays as it is written, so that the error names it.
    var filePath: String { isFileURL ? path : absoluteString }
}
