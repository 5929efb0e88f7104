#if canImport(CoreGraphics) && canImport(Accelerate)
    import Accelerate
    import CoreGraphics
    import Foundation

    extension Photo {
        /// The pixels of an image in memory, converted to 8-bit sRGB with straight alpha.
        ///
        /// If you have the image's file or its bytes, use them instead: that keeps 16 bits, and needs no conversion.
        ///
        /// - Throws: An error of vImage if the system cannot convert the image.
        public init(_ image: CGImage) throws {
            let space = CGColorSpace(name: CGColorSpace.sRGB) ?? CGColorSpaceCreateDeviceRGB()
            let straight = CGBitmapInfo(rawValue: CGImageAlphaInfo.last.rawValue)
            guard
                let format = vImage_CGImageFormat(
                    bitsPerComponent: 8, bitsPerPixel: 32, colorSpace: space, bitmapInfo: straight)
            else { throw vImage.Error.invalidImageFormat }
            let buffer = try vImage_Buffer(cgImage: image, format: format)
            defer { buffer.free() }
            var pixels = Data(capacity: image.width * image.height * 4)
            for row in 0..<image.height {
                // vImage may leave a gap after each row.
                let start = buffer.data.advanced(by: row * buffer.rowBytes)
                pixels.append(start.assumingMemoryBound(to: UInt8.self), count: image.width * 4)
            }
            try self.init(pixels: pixels, width: image.width, height: image.height, channels: .rgba)
        }

        /// The photo as the system draws it, without a copy of its pixels. `nil` where the system does not take them.
        public var cgImage: CGImage? {
            guard let provider = CGDataProvider(data: pixels() as CFData), let space = colorSpace else { return nil }
            let bits = depth == .eight ? 8 : 16
            var info = CGBitmapInfo(rawValue: (hasAlpha ? CGImageAlphaInfo.last : .none).rawValue)
            if depth == .sixteen { info.insert(.byteOrder16Little) }
            return CGImage(
                width: width, height: height, bitsPerComponent: bits, bitsPerPixel: bits * samplesPerPixel,
                bytesPerRow: width * samplesPerPixel * bits / 8, space: space, bitmapInfo: info, provider: provider,
                decode: nil, shouldInterpolate: true, intent: .defaultIntent)
        }

        private var hasAlpha: Bool { channels == .rgba || channels == .grayAlpha }

        private var samplesPerPixel: Int { (isGray ? 1 : 3) + (hasAlpha ? 1 : 0) }

        private var isGray: Bool { channels == .gray || channels == .grayAlpha }

        private var colorSpace: CGColorSpace? {
            let own = profile.flatMap { CGColorSpace(iccData: $0 as CFData) }
            if let own, own.numberOfComponents == (isGray ? 1 : 3) { return own }
            return CGColorSpace(name: isGray ? CGColorSpace.genericGrayGamma2_2 : CGColorSpace.sRGB)
        }
    }
#endif
