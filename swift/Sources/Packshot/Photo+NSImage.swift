#if canImport(AppKit)
    import AppKit
    import Foundation

    extension Photo {
        /// The pixels of an image, converted to 8-bit sRGB with straight alpha.
        ///
        /// If you have the image's file or its bytes, use them instead: that keeps 16 bits, and needs no conversion.
        ///
        /// - Throws: ``PackshotError`` for an image without pixels, an error of vImage if it cannot be converted.
        public init(_ image: NSImage) throws {
            if let pixels = image.cgImage(forProposedRect: nil, context: nil, hints: nil) {
                try self.init(pixels)
            } else {
                // Refused in the library's own words.
                try self.init(pixels: Data(), width: 0, height: 0, channels: .rgba)
            }
        }
    }

    extension NSImage {
        /// The photo as the system draws it, one point a pixel.
        public convenience init?(_ photo: Photo) {
            guard let image = photo.cgImage else { return nil }
            self.init(cgImage: image, size: NSSize(width: photo.width, height: photo.height))
        }
    }
#endif
