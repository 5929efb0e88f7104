// Made from the options of packshot-api by `cargo xtask generate`. Change them there.

import Packshot

extension RemoveBackground {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "model": model = try Model(json: value)
            case "output": output = try PackshotTests.word(value, Output.words)
            case "edges": edges = try PackshotTests.word(value, Edges.words)
            case "decontaminate": decontaminate = try PackshotTests.typed(value)
            case "keep_holes": keepHoles = try PackshotTests.typed(value)
            case "solidify": solidify = try PackshotTests.typed(value)
            case "background": background = try PackshotTests.color(value)
            case "background_picture": backgroundPicture = try PackshotTests.typed(value)
            case "mask": mask = try PackshotTests.typed(value)
            case "trimap": trimap = try PackshotTests.typed(value)
            case "crop": crop = try PackshotTests.lengths(value)
            case "snap": snap = try PackshotTests.typed(value)
            case "region": region = try PackshotTests.lengths(value)
            case "subject": subject = try PackshotTests.lengths(value)
            case "instances": instances = try PackshotTests.lengths(value)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Upscale {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "model": model = try Model(json: value)
            case "scale": scale = try PackshotTests.typed(value)
            case "size": size = try Size(json: value)
            case "denoise": denoise = try PackshotTests.typed(value)
            case "tile": tile = try PackshotTests.typed(value)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Crop {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "area": area = try PackshotTests.lengths(value)
            case "margin": margin = try PackshotTests.lengths(value)
            case "aspect": aspect = try PackshotTests.lengths(value)
            case "gravity": gravity = try PackshotTests.word(value, Gravity.words)
            case "snap": snap = try PackshotTests.typed(value)
            case "size": size = try Size(json: value)
            case "model": model = try Model(json: value)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Encode {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "format": format = try PackshotTests.word(value, ImageFormat.words)
            case "quality": quality = try PackshotTests.typed(value)
            case "chroma": chroma = try PackshotTests.word(value, Chroma.words)
            case "lossless": lossless = try PackshotTests.typed(value)
            case "png": png = try PackshotTests.word(value, PngCompression.words)
            case "background": background = try PackshotTests.color(value)
            case "metadata": metadata = try PackshotTests.word(value, MetadataMode.words)
            case "size": size = try Size(json: value)
            case "fit": fit = try PackshotTests.word(value, Fit.words)
            case "max_bytes": maxBytes = try PackshotTests.typed(value)
            case "dpi": dpi = try PackshotTests.typed(value)
            case "profile": profile = try PackshotTests.word(value, ProfileMode.words)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Decode {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "color": color = try PackshotTests.word(value, ColorPolicy.words)
            case "max_pixels": maxPixels = try PackshotTests.typed(value)
            case "max_bytes": maxBytes = try PackshotTests.typed(value)
            case "max_frames": maxFrames = try PackshotTests.typed(value)
            case "max_profile_bytes": maxProfileBytes = try PackshotTests.typed(value)
            case "max_metadata_bytes": maxMetadataBytes = try PackshotTests.typed(value)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Batch {
    init(json: Json) throws {
        self.init()
        for (key, value) in json {
            switch key {
            case "inputs": inputs = try PackshotTests.typed(value)
            case "table": table = try PackshotTests.typed(value)
            case "output": output = try PackshotTests.typed(value)
            case "recursive": recursive = try PackshotTests.typed(value)
            case "name": name = try PackshotTests.typed(value)
            case "existing": existing = try PackshotTests.word(value, Existing.words)
            case "resume": resume = try PackshotTests.typed(value)
            case "workers": workers = try PackshotTests.typed(value)
            case "memory": memory = try PackshotTests.typed(value)
            case "retries": retries = try PackshotTests.typed(value)
            case "max_failures": maxFailures = try PackshotTests.typed(value)
            case "watch": watch = try PackshotTests.typed(value)
            case "report": report = try PackshotTests.typed(value)
            case "sheet": sheet = try PackshotTests.typed(value)
            case "protect": protect = try PackshotTests.typed(value)
            default: throw Unspeakable(what: key)
            }
        }
    }
}

extension Output {
    static var words: [String: Output] {
        [
            "rgba": Output.rgba,
            "alpha": Output.alpha,
            "mask": Output.mask,
            "foreground": Output.foreground,
            "background": Output.background,
            "trimap": Output.trimap,
        ]
    }
}

extension Edges {
    static var words: [String: Edges] {
        [
            "off": Edges.off,
            "fast": Edges.fast,
            "fine": Edges.fine,
        ]
    }
}

extension Gravity {
    static var words: [String: Gravity] {
        [
            "center": Gravity.center,
            "top": Gravity.top,
            "top-right": Gravity.topRight,
            "right": Gravity.right,
            "bottom-right": Gravity.bottomRight,
            "bottom": Gravity.bottom,
            "bottom-left": Gravity.bottomLeft,
            "left": Gravity.left,
            "top-left": Gravity.topLeft,
            "subject": Gravity.subject,
        ]
    }
}

extension ImageFormat {
    static var words: [String: ImageFormat] {
        [
            "jpeg": ImageFormat.jpeg,
            "png": ImageFormat.png,
            "webp": ImageFormat.webp,
            "tiff": ImageFormat.tiff,
            "avif": ImageFormat.avif,
            "heic": ImageFormat.heic,
        ]
    }
}

extension Chroma {
    static var words: [String: Chroma] {
        [
            "half": Chroma.half,
            "full": Chroma.full,
        ]
    }
}

extension PngCompression {
    static var words: [String: PngCompression] {
        [
            "fast": PngCompression.fast,
            "balanced": PngCompression.balanced,
            "best": PngCompression.best,
        ]
    }
}

extension MetadataMode {
    static var words: [String: MetadataMode] {
        [
            "strip": MetadataMode.strip,
            "keep-safe": MetadataMode.keepSafe,
            "keep": MetadataMode.keep,
        ]
    }
}

extension Fit {
    static var words: [String: Fit] {
        [
            "inside": Fit.inside,
            "pad": Fit.pad,
            "cover": Fit.cover,
        ]
    }
}

extension ProfileMode {
    static var words: [String: ProfileMode] {
        [
            "keep": ProfileMode.keep,
            "srgb": ProfileMode.srgb,
            "none": ProfileMode.none,
        ]
    }
}

extension ColorPolicy {
    static var words: [String: ColorPolicy] {
        [
            "to-srgb": ColorPolicy.toSrgb,
            "keep": ColorPolicy.keep,
            "data": ColorPolicy.data,
        ]
    }
}

extension Existing {
    static var words: [String: Existing] {
        [
            "skip": Existing.skip,
            "replace": Existing.replace,
            "number": Existing.number,
            "fail": Existing.fail,
        ]
    }
}
