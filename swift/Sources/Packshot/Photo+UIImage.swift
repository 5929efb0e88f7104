#if canImport(UIKit) && !os(watchOS)
    import Foundation
    import UIKit

    extension Photo {
        /// The pixels of an image, upright, converted to 8-bit sRGB with straight alpha.
        ///
        /// If you have the image's file or its bytes, use them instead: that keeps 16 bits, and needs no conversion.
        ///
        /// - Throws: ``PackshotError`` for an image without pixels, an error of vImage if it cannot be converted.
        public init(_ image: UIImage) throws {
            if let pixels = image.upright {
                try self.init(pixels)
            } else {
                // Refused in the library's own words.
                try self.init(pixels: Data(), width: 0, height: 0, channels: .rgba)
            }
        }
    }

    extension UIImage {
        /// The photo as the system draws it, at a scale of 1.
        public convenience init?(_ photo: Photo) {
            guard let image = photo.cgImage else { return nil }
            self.init(cgImage: image)
        }

        /// `cgImage` lies as the camera was held, and an image of Core Image has none.
        fileprivate var upright: CGImage? {
            if imageOrientation == .up, let cgImage { return cgImage }
            guard size.width > 0, size.height > 0 else { return nil }
            let format = UIGraphicsImageRendererFormat()
            format.scale = scale
            format.preferredRange = .standard
            return UIGraphicsImageRenderer(size: size, format: format).image { _ in draw(at: .zero) }.cgImage
        }
    }
#endif
