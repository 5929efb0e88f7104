import Foundation
import Packshot
import XCTest

final class PhotoTests: Suite {
    private let kinds: [(Channels, Depth)] = [
        (.gray, .eight), (.grayAlpha, .eight), (.rgb, .eight), (.rgba, .eight),
        (.gray, .sixteen), (.grayAlpha, .sixteen), (.rgb, .sixteen), (.rgba, .sixteen),
    ]

    private func pattern(_ count: Int) -> Data {
        Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) })
    }

    func testPixelsOfEveryKindComeBack() async throws {
        for (channels, depth) in kinds {
            let pixels = pattern(7 * 5 * channels.count * (depth == .sixteen ? 2 : 1))
            let photo = try Photo(pixels: pixels, width: 7, height: 5, channels: channels, depth: depth)
            XCTAssertEqual(photo.pixels(), pixels, "\(channels) \(depth)")
            XCTAssertNil(photo.format)
            let again = try await Photo(data: photo.encoded(Encode(format: .png)))
            XCTAssertEqual(again.pixels(), pixels, "\(channels) \(depth)")
            XCTAssertEqual(again.channels, channels)
            XCTAssertEqual(again.depth, depth)
            XCTAssertEqual(again.format, .png)
        }
        shows("photo.pixels_in", "photo.pixels_out")
    }

    func testPixelsMayBeAPieceOfSomethingAtAnOddAddress() throws {
        let pixels = pattern(7 * 5 * 3 * 2)
        let slice = (Data([9]) + pixels + Data([9])).dropFirst().dropLast()
        let photo = try Photo(pixels: slice, width: 7, height: 5, channels: .rgb, depth: .sixteen)
        XCTAssertEqual(photo.pixels(), pixels)
    }

    func testPixelsThatDoNotFitAreRefused() async throws {
        let sizes = [(7, 5, 104), (7, 5, 106), (0, 5, 0), (7, 0, 0), (-1, 5, 15), (1 << 40, 1, 3), (7, 5, 0)]
        for (width, height, count) in sizes {
            let error = await packshotError("\(width) x \(height)") {
                try Photo(pixels: pattern(count), width: width, height: height, channels: .rgb)
            }
            XCTAssert([.photo, .option, .limit].contains(error?.kind), "\(error as Any)")
        }
        let odd = await packshotError {
            try Photo(pixels: pattern(5), width: 1, height: 1, channels: .gray, depth: .sixteen)
        }
        XCTAssertEqual(odd?.kind, .option, "\(odd as Any)")
    }

    func testPixelsOutliveTheirPhotoAndAreTheirOwners() async throws {
        let pixels = pattern(64 * 64)
        let photo = try Photo(pixels: pixels, width: 64, height: 64, channels: .gray)
        var lent = photo.pixels()
        lent[0] = lent[0] &+ 1
        lent.append(7)
        XCTAssertEqual(photo.pixels(), pixels)
        let alone = try Photo(pixels: pixels, width: 64, height: 64, channels: .gray).pixels()
        let piece = alone[100..<200]
        XCTAssertEqual(piece, pixels[100..<200])
        XCTAssertEqual(alone, pixels)
    }

    func testFactsOfAFile() async throws {
        let url = Place.photo("sideways.jpg")
        let photo = try await Photo(contentsOf: url)
        XCTAssertEqual([photo.width, photo.height], [320, 272])
        XCTAssertEqual(photo.format, .jpeg)
        XCTAssertNotNil(photo.exif)
        XCTAssertNil(photo.xmp)
        XCTAssertNil(photo.profile)
        let cmyk = try await Photo(contentsOf: Place.photo("cmyk.jpg"), Decode(color: .keep))
        XCTAssertEqual(cmyk.channels, .rgb)
        let error = await packshotError {
            try await Photo(data: Data(contentsOf: url), Decode(color: .keep, maxPixels: 100))
        }
        guard case .limit? = error else { return XCTFail("\(error as Any)") }
        let empty = await packshotError { try await Photo(data: Data()) }
        XCTAssertEqual(empty?.code, "photo_empty")
    }

    func testWrittenInOneStep() async throws {
        let scratch = try Scratch()
        let photo = try await Photo(contentsOf: Place.photo("alpha.png"))
        let file = scratch.file("Flüssiges Metall 100%.webp")
        try await photo.write(to: file, Encode(lossless: true))
        let again = try await Photo(contentsOf: file)
        XCTAssertEqual(again.format, .webp)
        XCTAssertEqual(again.pixels(), photo.pixels())
        try await photo.write(to: file, Encode(format: .png))
        let replaced = try await Photo(contentsOf: file)
        XCTAssertEqual(replaced.format, .png, "the content decides")
        let nowhere = await packshotError { try await photo.write(to: scratch.file("no/such/folder.png")) }
        XCTAssertEqual(nowhere?.code, "file_unwritable")
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path)
        XCTAssertEqual(left.count, 1, "\(left)")
        shows("photo.save")
    }
}
