// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

import PackshotBindings

/// A photo without its background, and what was found.
public struct Cutout: Sendable {
    /// The picture that was asked for.
    public let photo: Photo
    /// The matte at the photo's full size, before cropping: 0 is background, 255 subject.
    public let matte: Photo
    /// Where alpha was computed, at the photo's full size: 0 is background, 255 subject, 128 unknown; `nil` with edges
    /// off.
    public let trimap: Photo?
    /// The smallest rectangle around everything that is at least half subject, in the photo; `nil` if nothing is.
    public let subject: Rect?
    /// The part of the photo that the result shows; it may reach beyond the photo, to leave a margin.
    public let frame: Rect
    /// The separate subjects found, largest first; specks below 1/2000 of the photo are not listed.
    public let instances: [Instance]
    /// How sure the model is, from 0 to 1.
    public let confidence: Float
    /// How much of the old background is left in the rim, from 0 to 1. Above about 0.2 a rim is visible on another
    /// background: try fine edges. If the result has no colours, it is measured on the photo's own.
    public let halo: Float
    /// What did the work; without a model if none was needed.
    public let ran: Ran

    init(_ made: PackshotBindings.Cutout) {
        photo = Photo(made.photo)
        matte = Photo(made.matte)
        trimap = made.trimap.map { Photo($0) }
        subject = made.subject
        frame = made.frame
        instances = made.instances
        confidence = made.confidence
        halo = made.halo
        ran = made.ran
    }
}

/// A larger photo, with the depth, channels, profile and metadata of the input.
public struct Upscaled: Sendable {
    /// The picture that was asked for.
    public let photo: Photo
    /// The factor of both sides, before rounding to whole pixels: 1 if nothing had to be done.
    public let scale: Double
    /// What did the work; without a model if none was needed.
    public let ran: Ran

    init(_ made: PackshotBindings.Upscaled) {
        photo = Photo(made.photo)
        scale = made.scale
        ran = made.ran
    }
}

/// A part of a photo, with the depth, channels, profile and metadata of the input.
public struct Cropped: Sendable {
    /// The picture that was asked for.
    public let photo: Photo
    /// The part of the photo that was kept, before it was scaled to a size; it may reach beyond a photo with
    /// transparency, to leave a margin.
    public let frame: Rect
    /// The smallest rectangle around everything that is at least half subject; `nil` if nothing is, or if the subject
    /// was not searched for.
    public let subject: Rect?
    /// What did the work; without a model if none was needed.
    public let ran: Ran

    init(_ made: PackshotBindings.Cropped) {
        photo = Photo(made.photo)
        frame = made.frame
        subject = made.subject
        ran = made.ran
    }
}

/// Pictures that go with the options of a tool.
public struct Pictures: Sendable {
    /// A matte to use in place of a model's: a gray picture of the photo's size, where 0 is background.
    public var mask: Photo?
    /// Where alpha is computed, in place of a band along the model's edge: a gray picture of the photo's size, where 0
    /// is background, 255 subject, and everything else unknown. It replaces the model; a `mask` beside it gives the
    /// initial alpha.
    public var trimap: Photo?
    /// A picture behind the subject, scaled to cover the photo and cut at its centre.
    public var background: Photo?

    /// None, unless given.
    public init(
        mask: Photo? = nil, trimap: Photo? = nil, background: Photo? = nil
    ) {
        self.mask = mask
        self.trimap = trimap
        self.background = background
    }

    var lowered: [String: PackshotBindings.Photo] {
        let all = ["mask": mask, "trimap": trimap, "background": background]
        return all.compactMapValues { $0?.handle }
    }
}

extension Engine {
    /// Cuts the subject out of a photo.
    ///
    /// A mask, a trimap and a background picture can be files or decoded photos.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func removeBackground(
        _ source: Source, _ options: RemoveBackground = .init(), pictures: Pictures = .init()
    ) async throws -> Cutout {
        try await cancellable { try await self.cutout(source, options, pictures, cancel: $0, listener: nil) }
    }

    /// The same, with progress. The work begins with the loop over the events and ends with it: leaving the loop, by
    /// `break` or by an error, cancels it.
    public func removingBackground(
        _ source: Source, _ options: RemoveBackground = .init(), pictures: Pictures = .init()
    ) -> Events<Event<Cutout>> {
        .watching { try await self.cutout(source, options, pictures, cancel: $0, listener: $1) }
    }

    private func cutout(
        _ source: Source, _ options: RemoveBackground, _ pictures: Pictures,
        cancel: CancelToken, listener: (any ProgressListener)?
    ) async throws -> Cutout {
        let made = try await handle.removeBackground(
            source: source.lowered, options: options, pictures: pictures.lowered,
            cancel: cancel, listener: listener)
        return Cutout(made)
    }

    /// Makes a photo larger. `scale` and `size` exclude each other; without both the factor is 2.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func upscale(
        _ source: Source, _ options: Upscale = .init()
    ) async throws -> Upscaled {
        try await cancellable { try await self.upscaled(source, options, cancel: $0, listener: nil) }
    }

    /// The same, with progress. The work begins with the loop over the events and ends with it: leaving the loop, by
    /// `break` or by an error, cancels it.
    public func upscaling(
        _ source: Source, _ options: Upscale = .init()
    ) -> Events<Event<Upscaled>> {
        .watching { try await self.upscaled(source, options, cancel: $0, listener: $1) }
    }

    private func upscaled(
        _ source: Source, _ options: Upscale,
        cancel: CancelToken, listener: (any ProgressListener)?
    ) async throws -> Upscaled {
        let made = try await handle.upscale(
            source: source.lowered, options: options, pictures: [:],
            cancel: cancel, listener: listener)
        return Upscaled(made)
    }

    /// Keeps a part of a photo: an area, an aspect, or the subject with a margin.
    ///
    /// `area` and `margin` exclude each other; one of `area`, `margin`, `aspect` and `size` is needed.
    ///
    /// - Throws: ``PackshotError``, and `CancellationError` if the task is cancelled.
    public func crop(
        _ source: Source, _ options: Crop
    ) async throws -> Cropped {
        try await cancellable { try await self.cropped(source, options, cancel: $0, listener: nil) }
    }

    /// The same, with progress. The work begins with the loop over the events and ends with it: leaving the loop, by
    /// `break` or by an error, cancels it.
    public func cropping(
        _ source: Source, _ options: Crop
    ) -> Events<Event<Cropped>> {
        .watching { try await self.cropped(source, options, cancel: $0, listener: $1) }
    }

    private func cropped(
        _ source: Source, _ options: Crop,
        cancel: CancelToken, listener: (any ProgressListener)?
    ) async throws -> Cropped {
        let made = try await handle.crop(
            source: source.lowered, options: options, pictures: [:],
            cancel: cancel, listener: listener)
        return Cropped(made)
    }
}
