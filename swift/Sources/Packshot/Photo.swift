import Foundation
import PackshotBindings

/// Decoded pixels, upright, with straight alpha; 8 or 16 bit. A photo never changes and costs nothing to copy.
public struct Photo: Sendable {
    let handle: PackshotBindings.Photo
    private let facts: PhotoFacts

    init(_ handle: PackshotBindings.Photo) {
        self.handle = handle
        facts = handle.facts()
    }

    /// Reads and decodes a file. The content decides the format, not the file's name.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public init(contentsOf url: URL, _ options: Decode = .init()) async throws {
        try await self.init(reading: .file(url), options)
    }

    /// Decodes the bytes of a file.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public init(data: Data, _ options: Decode = .init()) async throws {
        try await self.init(reading: .data(data), options)
    }

    private init(reading source: Source, _ options: Decode) async throws {
        self.init(
            try await cancellable { try await readPhoto(source: source.lowered, options: options, cancel: $0) })
    }

    /// A photo in sRGB from interleaved samples, row by row from the top left, without gaps between rows. Alpha is straight,
    /// not premultiplied. 16-bit samples are two bytes each, in the machine's order.
    ///
    /// - Throws: ``PackshotError/option(_:)`` or ``PackshotError/limit(_:)`` if the sizes do not fit.
    public init(
        pixels: Data, width: Int, height: Int, channels: Channels, depth: Depth = .eight
    ) throws {
        let (width, height) = (UInt32(clamping: width), UInt32(clamping: height))
        let made = try typed {
            try PackshotBindings.Photo.fromPixels(
                samples: pixels, width: width, height: height, channels: channels, depth: depth)
        }
        self.init(made)
    }

    /// Width in pixels, at least 1.
    public var width: Int { Int(facts.width) }
    /// Height in pixels, at least 1.
    public var height: Int { Int(facts.height) }
    /// The channels of a pixel.
    public var channels: Channels { facts.channels }
    /// The range of a sample.
    public var depth: Depth { facts.depth }
    /// The format of the file it was read from.
    public var format: ImageFormat? { facts.format }
    /// The ICC profile of the samples; without one they are sRGB.
    public var profile: Data? { facts.profile }
    /// The EXIF block, from the TIFF header on, with orientation 1.
    public var exif: Data? { facts.exif }
    /// The XMP packet.
    public var xmp: Data? { facts.xmp }

    /// A copy of the interleaved samples, row by row from the top left. 16-bit samples are two bytes each, in the machine's
    /// order.
    public func pixels() -> Data { Data(handle.pixels()) }

    /// The photo as a file in memory: PNG, unless the options say otherwise.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func encoded(_ options: Encode = .init()) async throws -> Data {
        let bytes = try await cancellable { [handle] in try await handle.encode(options: options, cancel: $0) }
        return Data(bytes)
    }

    /// Writes the photo to a file in one step: there is never half a file. Without a format in the options, the file's name
    /// decides.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func write(to url: URL, _ options: Encode = .init()) async throws {
        try await cancellable { [handle] in
            try await handle.save(path: url.filePath, options: options, cancel: $0)
        }
    }
}

extension Data {
    /// A copy of the bytes, made at once. To lend them would be faster by a memory copy, but not safe: `Data` takes memory
    /// that it was given without a copy for its own and writes to it, and by way of `NSData`, which it does not write to,
    /// Linux copies byte by byte.
    init(_ bytes: Bytes) {
        guard let start = UnsafeRawPointer(bitPattern: UInt(bytes.address())) else {
            self.init()
            return
        }
        self = withExtendedLifetime(bytes) { Data(bytes: start, count: Int(bytes.count())) }
    }
}
