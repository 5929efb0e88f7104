//! What recipes will cost.

use std::collections::BTreeMap;

use packshot_api::{Recipe, Template};

fn recipe(steps: &str) -> Recipe {
    let text = format!("schema = \"packshot.recipe/1\"\nsteps = [{steps}]");
    Template::parse(&text).unwrap().recipe(&BTreeMap::new()).unwrap()
}

#[test]
fn sizes_go_from_step_to_step_and_prices_are_added() {
    let recipe =
        recipe("{ remove_background = { crop = 0 } }, { upscale = { scale = 2.5 } }, { export = { size = 1000 } }");
    let megapixels = |size: (u32, u32)| u64::from(size.0) * u64::from(size.1) / 1_000_000;
    let estimate = recipe.estimate((2000, 1000), |step, _, output| match step.name() {
        "upscale" => 3 * megapixels(output),
        "remove_background" => 5,
        _ => 0,
    });
    let sizes: Vec<_> = estimate.steps.iter().map(|step| (step.step, step.input, step.output, step.price)).collect();
    assert_eq!(
        sizes,
        [
            ("remove_background", (2000, 1000), (2000, 1000), 5),
            ("upscale", (2000, 1000), (5000, 2500), 36),
            ("export", (5000, 2500), (1000, 500), 0),
        ]
    );
    assert_eq!(estimate.total, 41);
    assert_eq!(recipe.estimate((1, 1), |_, _, _| u64::MAX).total, u64::MAX);
}

#[test]
fn every_way_to_a_size() {
    for (step, expected) in [
        ("{ upscale = {} }", (800, 400)),
        ("{ upscale = { size = 1000 } }", (1000, 500)),
        ("{ upscale = { size = 100 } }", (400, 200)),
        ("{ upscale = { size = \"x300\" } }", (600, 300)),
        ("{ crop = { margin = 0 } }", (400, 200)),
        ("{ crop = { size = 300, aspect = 1 } }", (300, 200)),
        ("{ crop = { size = \"300x\", aspect = 1 } }", (300, 200)),
        ("{ crop = { size = \"x90\", margin = 0 } }", (400, 90)),
        ("{ crop = { size = \"100x100\" } }", (100, 100)),
        ("{ export = {} }", (400, 200)),
        ("{ export = { size = 1000 } }", (400, 200)),
        ("{ export = { size = 100 } }", (100, 50)),
        ("{ export = { size = \"100x100\", fit = \"inside\" } }", (100, 50)),
        ("{ export = { size = \"1000x1000\", fit = \"pad\" } }", (1000, 1000)),
        ("{ export = { size = \"100x100\", fit = \"cover\" } }", (100, 100)),
    ] {
        let estimate = recipe(step).estimate((400, 200), |_, _, _| 0);
        assert_eq!(estimate.steps[0].output, expected, "{step}");
    }
}
