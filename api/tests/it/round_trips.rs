//! Recipes stay what they are through TOML and JSON, whatever their options.

use std::collections::BTreeMap;

use packshot_api::{
    Decode, Field, ImageFormat, Kind, Model, ModelFile, Options, Recipe, Schema, Size, Step, Table, Template,
};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Any text at all, and often what could be taken for a variable, an escape or the end of a text.
fn text() -> impl Strategy<Value = String> {
    let odd = select(vec![
        "${", "$${", "$", "}", "${x}", "\"", "\"\"\"", "'''", "\\", "\n", "\r\n", "\u{0}", "\u{7f}", "é", "#",
    ]);
    prop_oneof![any::<String>(), prop::collection::vec(odd, 0..8).prop_map(|parts| parts.concat())]
}

fn size() -> impl Strategy<Value = Size> {
    let side = 1..u32::MAX;
    prop_oneof![
        side.clone().prop_map(Size::LongSide),
        side.clone().prop_map(Size::Width),
        side.clone().prop_map(Size::Height),
        (side.clone(), side).prop_map(|(width, height)| Size::Box(width, height)),
    ]
}

fn model() -> impl Strategy<Value = Model> {
    let file = (text(), of(text()), of(text()));
    prop_oneof![
        text().prop_map(Model::Id),
        file.prop_map(|(file, like, descriptor)| Model::File(ModelFile { file, like, descriptor })),
    ]
}

/// A value of an option, as JSON.
fn value(field: &'static Field) -> BoxedStrategy<Value> {
    match field.kind {
        Kind::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Whole => {
            let (low, high) = field.bounds().unwrap_or((0.0, f64::from(u32::MAX)));
            (low as u64..=high as u64).prop_map(Value::from).boxed()
        }
        Kind::Bytes => any::<u64>().prop_map(Value::from).boxed(),
        Kind::Number => {
            let number = prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL;
            number.prop_map(Value::from).boxed()
        }
        Kind::Size => size().prop_map(|size| size.to_string().into()).boxed(),
        Kind::Model => model().prop_map(|model| serde_json::to_value(model).unwrap()).boxed(),
        Kind::Format => select(ImageFormat::WRITTEN).prop_map(|format| format.as_str().into()).boxed(),
        Kind::Words(words) => select(words.choices).prop_map(|(word, _)| word.into()).boxed(),
        Kind::Paths => prop::collection::vec(text(), 0..3).prop_map(Value::from).boxed(),
        Kind::Text
        | Kind::Color
        | Kind::Margin
        | Kind::Area
        | Kind::Instances
        | Kind::Aspect
        | Kind::Path
        | Kind::Picture => text().prop_map(Value::from).boxed(),
    }
}

fn options(table: &'static Table) -> impl Strategy<Value = Value> {
    let values: Vec<_> = table.fields.iter().map(|field| of(value(field))).collect();
    values.prop_map(|values| {
        let fields = table.fields.iter().zip(values);
        fields.filter_map(|(field, value)| Some((field.name.to_owned(), value?))).collect::<Map<_, _>>().into()
    })
}

fn step((name, _, table): &(&'static str, &'static str, &'static Table)) -> BoxedStrategy<Step> {
    let name = *name;
    options(table).prop_map(move |options| serde_json::from_value(json!({ name: options })).unwrap()).boxed()
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let (export, tools) = Step::ALL.split_last().unwrap();
    let tool = prop::strategy::Union::new(tools.iter().map(step));
    let steps = (prop::collection::vec(tool, 0..4), of(step(export)))
        .prop_map(|(tools, export)| tools.into_iter().chain(export).collect::<Vec<_>>())
        .prop_filter("a recipe has a step", |steps| !steps.is_empty());
    let decode = of(options(Decode::TABLE).prop_map(|decode| serde_json::from_value(decode).unwrap()));
    (of(text()), of(text()), decode, steps).prop_map(|(name, description, decode, steps)| Recipe {
        schema: Schema,
        name,
        description,
        decode,
        steps,
    })
}

fn read(text: &str) -> Recipe {
    let read = Template::parse(text).and_then(|template| template.recipe(&BTreeMap::new()));
    read.unwrap_or_else(|fault| panic!("line {:?}: {fault}\n{text}", fault.line))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_recipe_is_the_same_in_toml_and_json(recipe in recipe()) {
        let (toml, json) = (recipe.to_toml(), recipe.to_json());
        prop_assert_eq!(&read(&toml), &recipe);
        prop_assert_eq!(&read(&json), &recipe);
        prop_assert_eq!(&read(&toml).to_json(), &json);
        prop_assert_eq!(&read(&json).to_toml(), &toml);
    }

    #[test]
    fn a_recipe_as_data_goes_through_json_as_it_is(recipe in recipe()) {
        let json = serde_json::to_string(&recipe).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Recipe>(&json).unwrap(), &recipe);
    }

    #[test]
    fn names_do_not_change_what_a_recipe_does(recipe in recipe(), name in text()) {
        let renamed = Recipe { name: Some(name.clone()), description: Some(name), ..recipe.clone() };
        prop_assert_eq!(renamed.canonical(), recipe.canonical());
    }

    /// Any text is refused at a line that it has, or read.
    #[test]
    fn any_text_has_an_answer(text in text(), place in any::<prop::sample::Index>(), recipe in recipe()) {
        let mut broken = recipe.to_toml();
        let mut place = place.index(broken.len() + 1);
        while !broken.is_char_boundary(place) { place -= 1 }
        broken.insert_str(place, &text);
        for text in [text, broken] {
            let read = Template::parse(&text).and_then(|template| template.recipe(&BTreeMap::new()));
            if let Err(fault) = read {
                let lines = text.matches('\n').count() + 1;
                prop_assert!(fault.line.is_some_and(|line| (1..=lines).contains(&line)), "{:?} in {}", fault, text);
                prop_assert!(!fault.message.is_empty());
            }
        }
    }
}
