//! The registry and the descriptors that people write.

use packshot::Code;
use packshot::models::{
    Activation, ColorOrder, Descriptor, Divisor, DivisorOf, Filter, InputSpec, Layout, MatteDescriptor, ModelTask,
    NetChannels, OutputSpec, Polarity, Registry, SizePolicy, Stretch, UpscaleDescriptor,
};
use proptest::prelude::*;

#[test]
fn every_builtin_model_is_usable() {
    let registry = Registry::builtin().unwrap();
    let ids: Vec<_> = registry.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "packshot-matte-2",
            "u2net",
            "u2netp",
            "u2net_human_seg",
            "silueta",
            "isnet-general-use",
            "isnet-anime",
            "birefnet-general",
            "birefnet-general-lite",
            "birefnet-portrait",
            "bria-rmbg-2.0",
            "packshot-upscale-2x-1",
            "packshot-upscale-2x-denoise-1",
            "packshot-upscale-4x-1",
            "packshot-upscale-4x-denoise-1",
            "realesr-general-x4v3",
            "realesr-general-wdn-x4v3",
            "realesr-animevideov3",
            "realesrgan-x4plus",
            "fsrcnn-x2",
            "fsrcnn-x3",
            "fsrcnn-x4",
        ]
    );
    for model in &registry {
        assert_eq!(model.descriptor.task(), model.task, "{}", model.id);
        if model.files.is_empty() && !model.embedded {
            assert_eq!(model.task, ModelTask::Upscale, "{}: only nets that upscale are there to be like", model.id);
            let error = model.permit(true).unwrap_err();
            assert_eq!(error.code(), Code::ModelUnverifiable);
            assert!(error.to_string().contains("load your own copy"), "{error}");
            continue;
        }
        assert_eq!(model.embedded, model.files.is_empty(), "{}", model.id);
        model.permit(true).unwrap();
        let refused = model.permit(false).err().map(|error| error.code());
        assert_eq!(refused, (!model.commercial).then_some(Code::ModelLicence), "{}", model.id);
    }
    let noncommercial: Vec<_> = registry.iter().filter(|model| !model.commercial).map(|model| &model.id).collect();
    assert_eq!(noncommercial, ["isnet-anime", "bria-rmbg-2.0"]);
}

fn matte(descriptor: &Descriptor) -> &MatteDescriptor {
    match descriptor {
        Descriptor::RemoveBackground(matte) => matte,
        Descriptor::Upscale(_) => panic!("a net that upscales"),
    }
}

fn upscaler<'a>(registry: &'a Registry, id: &str) -> &'a UpscaleDescriptor {
    match &registry.get(id).unwrap().descriptor {
        Descriptor::Upscale(upscale) => upscale,
        Descriptor::RemoveBackground(_) => panic!("{id} makes mattes"),
    }
}

#[test]
fn twins_of_nets_that_upscale_name_each_other() {
    let registry = Registry::builtin().unwrap();
    let mut twins = 0;
    for model in registry.iter().filter(|model| model.task == ModelTask::Upscale) {
        let own = upscaler(&registry, &model.id);
        if let Some(name) = own.denoise.as_ref().or(own.plain.as_ref()) {
            twins += 1;
            let twin = upscaler(&registry, name);
            assert_eq!(twin.denoise.as_ref().or(twin.plain.as_ref()), Some(&model.id));
            assert_eq!((own.denoise.is_some(), own.scale, own.halo), (twin.plain.is_some(), twin.scale, twin.halo));
        }
    }
    assert_eq!(twins, 6);
    assert_eq!(upscaler(&registry, "fsrcnn-x3").channels, NetChannels::Y);
}

#[test]
fn the_descriptors_say_what_rembg_does() {
    let registry = Registry::builtin().unwrap();
    let u2netp = matte(&registry.get("u2netp").unwrap().descriptor);
    assert_eq!(u2netp.input.divide, Divisor::Of(DivisorOf::Max));
    assert_eq!(u2netp.input.filter, Filter::Lanczos3);
    assert_eq!(u2netp.input.size, SizePolicy::Fixed { fixed: [320, 320] });
    assert_eq!((u2netp.output.stretch, u2netp.output.activation), (Stretch::MinMax, Activation::None));
    assert_eq!((u2netp.input.name.as_deref(), u2netp.output.name.as_deref()), (Some("input.1"), Some("1959")));
    let birefnet = matte(&registry.get("birefnet-general").unwrap().descriptor);
    assert_eq!(birefnet.output.activation, Activation::Sigmoid);
    let own = matte(&registry.get("packshot-matte-2").unwrap().descriptor);
    assert_eq!((own.input.divide, own.output.stretch), (Divisor::Number(255.0), Stretch::None));
    assert_eq!(registry.get("u2net2").unwrap_err().code(), Code::ModelUnknown);
}

const GOOD: &str = "\
[[model]]
id = 'net'
task = 'remove_background'
title = 'Net'
licence = 'MIT'
commercial = true

[[model.files]]
name = 'net.onnx'
url = 'https://example.org/net.onnx'
md5 = '900150983cd24fb0d6963f7d28e17f72'

[model.input]
divide = 255
mean = [0.5, 0.5, 0.5]
std = [1.0, 1.0, 1.0]
size = { fixed = [320, 320] }

[model.output]
scale = 1.0
";

#[test]
fn registries_merge_unless_an_id_is_taken() {
    let mut registry = Registry::builtin().unwrap();
    let own = Registry::from_toml(GOOD).unwrap();
    registry.merge(own.clone()).unwrap();
    assert_eq!(registry.get("net").unwrap().title, "Net");
    let error = registry.merge(own).unwrap_err();
    assert_eq!(error.code(), Code::DescriptorInvalid);
    assert!(error.to_string().contains("`net`"), "{error}");
    assert_eq!(Registry::from_toml("").unwrap().iter().count(), 0);
}

#[test]
fn a_fault_is_reported_with_its_line_and_key() {
    Registry::from_toml(GOOD).unwrap();
    // What stands in GOOD, what a person writes instead, the line that is then at fault, and a word of the message.
    let faults: &[(&str, &str, usize, &str)] = &[
        ("id = 'net'", "id = 'Net'", 2, "model[0].id"),
        ("id = 'net'", "id = '..'", 2, "model[0].id"),
        ("id = 'net'", "id = ''", 2, "model[0].id"),
        ("id = 'net'", "id = 7", 2, "model[0].id"),
        ("id = 'net'", "id = 'net", 2, ""),
        ("id = 'net'", "", 1, "id"),
        ("task = 'remove_background'", "task = 'paint'", 3, "model[0].task"),
        ("title = 'Net'", "title = ' '", 4, "model[0].title"),
        ("title = 'Net'", "titel = 'Net'", 4, "titel"),
        ("licence = 'MIT'", "licence = ''", 5, "model[0].licence"),
        ("commercial = true", "commercial = 'yes'", 6, "model[0].commercial"),
        ("commercial = true", "commercial = true\nembedded = true", 7, "model[0].embedded"),
        ("commercial = true", "commercial = true\ncommercial = true", 7, ""),
        ("name = 'net.onnx'", "name = '../net.onnx'", 9, "model[0].files[0].name"),
        ("name = 'net.onnx'", "name = 'a\\b.onnx'", 9, "model[0].files[0].name"),
        ("name = 'net.onnx'", "name = ''", 9, "model[0].files[0].name"),
        ("name = 'net.onnx'", "name = 'net.part'", 9, "model[0].files[0].name"),
        ("'https://example.org/net.onnx'", "'http://example.org/net.onnx'", 10, "model[0].files[0].url"),
        ("'https://example.org/net.onnx'", "'file:///net.onnx'", 10, "model[0].files[0].url"),
        ("md5 = '9001", "md5 = 'x001", 11, "model[0].files[0].md5"),
        ("md5 = '9001", "md5 = '", 11, "model[0].files[0].md5"),
        ("md5 = '9001", "sha256 = '9001", 11, "model[0].files[0].sha256"),
        ("md5 = '9001", "bytes = 0\nmd5 = '9001", 11, "model[0].files[0].bytes"),
        ("md5 = '9001", "bytes = -1\nmd5 = '9001", 11, "model[0].files[0].bytes"),
        ("md5 = '9001", "precision = 'fp7'\nmd5 = '9001", 11, "model[0].files[0].precision"),
        ("divide = 255", "divide = 0", 14, "model[0].input.divide"),
        ("divide = 255", "divide = 'min'", 14, "expected a number, or \"max\""),
        ("mean = [0.5, 0.5, 0.5]", "mean = [0.5, nan, 0.5]", 15, "model[0].input.mean"),
        ("mean = [0.5, 0.5, 0.5]", "mean = [0.5, 0.5]", 15, "model[0].input.mean"),
        ("std = [1.0, 1.0, 1.0]", "std = [1.0, 0.0, 1.0]", 16, "model[0].input.std"),
        ("fixed = [320, 320]", "fixed = [320, 0]", 17, "model[0].input.size"),
        ("fixed = [320, 320]", "fixed = [5000, 320]", 17, "model[0].input.size"),
        ("fixed = [320, 320]", "short_side = 512", 17, "model[0].input.size"),
        ("fixed = [320, 320]", "short_side = 512, multiple_of = 0", 17, "model[0].input.size"),
        ("scale = 1.0", "levels = [0.9, 0.1]", 20, "model[0].output.levels"),
        ("scale = 1.0", "scale = 0", 20, "model[0].output.scale"),
        ("scale = 1.0", "scale = -inf", 20, "model[0].output.scale"),
        ("scale = 1.0", "name = ''", 20, "model[0].output.name"),
        ("scale = 1.0", "polarity = 'up'", 20, "model[0].output.polarity"),
        ("scale = 1.0\n", "scale = 1.0\n[model.extra]\n", 21, "extra"),
    ];
    for (good, bad, line, word) in faults {
        assert!(GOOD.contains(good), "{good}");
        let error = Registry::from_toml(&GOOD.replacen(good, bad, 1)).expect_err(bad);
        assert_eq!(error.code(), Code::DescriptorInvalid, "{bad}");
        assert!(error.to_string().contains(word), "{bad}: {error}");
        let found = error.context().find(|(key, _)| *key == "line").map(|(_, value)| value.to_owned());
        assert_eq!(found, Some(line.to_string()), "{bad}: {error}");
    }
}

#[test]
fn the_second_of_two_models_is_found() {
    let twice = format!("{GOOD}\n{GOOD}");
    let error = Registry::from_toml(&twice).unwrap_err();
    assert_eq!(error.to_string(), "`model[1].id` `net` appears twice (line: 23)");
    let files =
        GOOD.replace("[model.input]", "[[model.files]]\nname = 'NET.onnx'\nurl = 'https://a.b/c'\n[model.input]");
    assert!(Registry::from_toml(&files).unwrap_err().to_string().contains("`model[0].files[1].name` appears twice"));
    let none = GOOD.replace("[[model.files]]", "[model.input.none]");
    assert_eq!(Registry::from_toml(&none).unwrap_err().code(), Code::DescriptorInvalid);
}

#[test]
fn a_descriptor_can_be_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.toml");
    assert_eq!(Descriptor::from_file(&path).unwrap_err().code(), Code::FileMissing);
    assert_eq!(Descriptor::from_file(folder.path()).unwrap_err().code(), Code::FileUnreadable);
    std::fs::write(&path, "[input]\nsize = { short_side = 512, multiple_of = 32 }\n").unwrap();
    let descriptor = Descriptor::from_file(&path).unwrap();
    assert_eq!(matte(&descriptor).output, OutputSpec::default());
    assert_eq!(matte(&descriptor).input.size, SizePolicy::ShortSide { short_side: 512, multiple_of: 32 });
    std::fs::write(&path, "[input]\nsize = { fixed = [1, 1] }\nstd = [0, 1, 1]").unwrap();
    let error = Descriptor::from_file(&path).unwrap_err().to_string();
    assert!(
        error.starts_with("`input.std` must") && error.contains("line: 3") && error.contains("net.toml"),
        "{error}"
    );
}

fn above_zero() -> impl Strategy<Value = f32> {
    (f32::MIN_POSITIVE..f32::MAX).prop_filter("finite", |number| number.is_finite())
}

fn descriptors() -> impl Strategy<Value = Descriptor> {
    let name = || proptest::option::of("\\PC{1,12}");
    let size = prop_oneof![
        [1_u32..=4096, 1_u32..=4096].prop_map(|fixed| SizePolicy::Fixed { fixed }),
        (1_u32..=4096, 1_u32..=64)
            .prop_map(|(short_side, multiple_of)| SizePolicy::ShortSide { short_side, multiple_of }),
    ];
    let divide = prop_oneof![Just(Divisor::Of(DivisorOf::Max)), above_zero().prop_map(Divisor::Number)];
    let input = (
        name(),
        prop_oneof![Just(Layout::Nchw), Just(Layout::Nhwc)],
        prop_oneof![Just(ColorOrder::Rgb), Just(ColorOrder::Bgr)],
        divide,
        prop::array::uniform3(prop::num::f32::NORMAL | prop::num::f32::ZERO),
        prop::array::uniform3(prop::num::f32::NORMAL),
        size,
        prop_oneof![Just(Filter::Bilinear), Just(Filter::Lanczos3), Just(Filter::Bicubic), Just(Filter::Area)],
        any::<(bool, bool)>(),
    );
    let input = input.prop_map(|(name, layout, color, divide, mean, std, size, filter, (mirror, pad))| InputSpec {
        name,
        layout,
        color,
        divide,
        mean,
        std,
        size,
        filter,
        mirror,
        pad,
    });
    let output = (
        name(),
        prop_oneof![Just(Activation::None), Just(Activation::Sigmoid)],
        above_zero(),
        prop_oneof![Just(Stretch::None), Just(Stretch::MinMax)],
        (0.0_f32..0.5, 0.5_f32..=1.0).prop_map(|(low, high)| [low, high]),
        prop_oneof![Just(Polarity::Foreground), Just(Polarity::Background)],
        prop_oneof![Just(Filter::Bilinear), Just(Filter::Lanczos3), Just(Filter::Bicubic), Just(Filter::Area)],
    );
    let output = output.prop_map(|(name, activation, scale, stretch, levels, polarity, filter)| OutputSpec {
        name,
        activation,
        scale,
        stretch,
        levels,
        polarity,
        filter,
    });
    let matte =
        (input, output).prop_map(|(input, output)| Descriptor::RemoveBackground(MatteDescriptor { input, output }));
    prop_oneof![3 => matte, 1 => upscalers()]
}

fn upscalers() -> impl Strategy<Value = Descriptor> {
    let name = || proptest::option::of("\\PC{1,12}");
    let channels = prop_oneof![Just(NetChannels::Rgb), Just(NetChannels::Bgr), Just(NetChannels::Y)];
    let numbers = (2_u32..=8, 0_u32..=512, 1_u32..=64, above_zero());
    let layout = prop_oneof![Just(Layout::Nchw), Just(Layout::Nhwc)];
    let twin = proptest::option::of(("\\PC{1,12}", any::<bool>()));
    (numbers, channels, layout, name(), name(), twin).prop_map(
        |((scale, halo, multiple_of, divide), channels, layout, input, output, twin)| {
            let (denoise, plain) = match twin {
                Some((name, true)) => (Some(name), None),
                Some((name, false)) => (None, Some(name)),
                None => (None, None),
            };
            let spec =
                UpscaleDescriptor { scale, halo, channels, layout, divide, multiple_of, input, output, denoise, plain };
            Descriptor::Upscale(spec)
        },
    )
}

#[test]
fn descriptors_of_nets_that_upscale_are_checked() {
    let good = "[upscale]\nscale = 4\nhalo = 34\n";
    let Descriptor::Upscale(spec) = Descriptor::from_toml(good).unwrap() else { panic!("another task") };
    assert_eq!((spec.divide, spec.multiple_of, spec.channels), (255.0, 1, NetChannels::Rgb));
    for (bad, line, word) in [
        ("[upscale]\nscale = 1\nhalo = 34", 2, "upscale.scale"),
        ("[upscale]\nscale = 2.5\nhalo = 34", 2, "upscale.scale"),
        ("[upscale]\nscale = 4\nhalo = 600", 3, "upscale.halo"),
        ("[upscale]\nscale = 4", 1, "halo"),
        ("[upscale]\nscale = 4\nhalo = 3\ndivide = 0", 4, "upscale.divide"),
        ("[upscale]\nscale = 4\nhalo = 3\nmultiple_of = 0", 4, "upscale.multiple_of"),
        ("[upscale]\nscale = 4\nhalo = 3\nchannels = 'hsv'", 4, "upscale.channels"),
        ("[upscale]\nscale = 4\nhalo = 3\ninput = ''", 4, "upscale.input"),
        ("[upscale]\nscale = 4\nhalo = 3\nplain = 'a'\ndenoise = 'b'", 4, "upscale.plain"),
        ("[upscale]\nscale = 4\nhalo = 3\n[input]\nsize = { fixed = [1, 1] }", 1, "another task"),
        ("[output]\nscale = 4", 1, "`input` is missing"),
    ] {
        let error = Descriptor::from_toml(bad).expect_err(bad);
        assert_eq!(error.code(), Code::DescriptorInvalid, "{bad}");
        assert!(error.to_string().contains(word), "{bad}: {error}");
        assert!(error.context().any(|(key, found)| key == "line" && found == line.to_string()), "{bad}: {error}");
    }
    let twice = GOOD.replace("'remove_background'", "'upscale'");
    let error = Registry::from_toml(&twice).unwrap_err();
    assert!(error.to_string().contains("`model[0].task` is not that of the descriptor, remove_background"), "{error}");
}

proptest! {
    #[test]
    fn a_descriptor_survives_toml(descriptor in descriptors()) {
        let document = toml::to_string(&descriptor).unwrap();
        prop_assert_eq!(Descriptor::from_toml(&document).unwrap(), descriptor, "{}", document);
    }

    #[test]
    fn no_text_makes_the_parser_panic(document in "\\PC{0,80}") {
        let _ = Registry::from_toml(&document);
        let _ = Descriptor::from_toml(&document);
    }
}
