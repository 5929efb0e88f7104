//! The tree as a source for `serde`: each fault gets the line and the key of the value around it.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Node, Value, Wrong, listed};

/// The enum whose words are tools.
const STEP: &str = "Step";

impl Node {
    fn unexpected(&self) -> Unexpected<'_> {
        match &self.value {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Whole(number) => match (u64::try_from(*number), i64::try_from(*number)) {
                (Ok(number), _) => Unexpected::Unsigned(number),
                (_, Ok(number)) => Unexpected::Signed(number),
                _ => Unexpected::Other("a number"),
            },
            Value::Number(number) => Unexpected::Float(*number),
            Value::Text(text) => Unexpected::Str(text),
            Value::Date(_) => Unexpected::Other("a date"),
            Value::List(_) => Unexpected::Seq,
            Value::Table(_) => Unexpected::Map,
        }
    }

    /// Why this is not one step.
    fn no_step(&self, tools: &[&str]) -> Wrong {
        let message = match &self.value {
            Value::Table(entries) if let [_, second, ..] = entries.as_slice() => {
                let names: Vec<_> = entries.iter().map(|(name, _)| name.as_str()).collect();
                let message = format!("a step has one tool, and this one has {}; make a step of each", listed(&names));
                return Wrong::new(message).at(&second.1);
            }
            Value::Table(_) => format!("this step names no tool; there are {}", listed(tools)),
            _ => "a step is a table with one key, the tool's name, such as `upscale = {}`".to_owned(),
        };
        Wrong::new(message)
    }

    fn visit<'de, V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Whole(number) => match (u64::try_from(*number), i64::try_from(*number)) {
                (Ok(number), _) => visitor.visit_u64(number),
                (_, Ok(number)) => visitor.visit_i64(number),
                _ => Err(Wrong::new(format!("{number} is out of range"))),
            },
            Value::Number(number) if number.is_finite() => visitor.visit_f64(*number),
            Value::Number(_) => Err(Wrong::new("this number is out of range")),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Date(_) => Err(Wrong::invalid_type(self.unexpected(), &visitor)),
            Value::List(items) => visitor.visit_seq(Items { items, next: 0 }),
            Value::Table(entries) => visitor.visit_map(Entries { entries, next: 0 }),
        }
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.visit(visitor).map_err(|wrong| wrong.at(self))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    /// Only a table: serde would read a list as the fields in their order.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Table(_) => self.deserialize_any(visitor),
            _ => Err(Wrong::invalid_type(self.unexpected(), &visitor).at(self)),
        }
    }

    /// A word, or a table with one key: the name of the variant.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let variant = match &self.value {
            Value::Text(word) if name != STEP => visitor.visit_enum(word.as_str().into_deserializer()),
            Value::Table(entries) if let [(name, options)] = entries.as_slice() => {
                return visitor.visit_enum(One { name, options }).map_err(|wrong| wrong.at(options));
            }
            _ if name == STEP => Err(self.no_step(variants)),
            _ => Err(Wrong::new(format!("expected one of {}", listed(variants)))),
        };
        variant.map_err(|wrong: Wrong| wrong.at(self))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

struct Items<'t> {
    items: &'t [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let (index, item) = (self.next, self.items.get(self.next));
        self.next += 1;
        item.map(|item| seed.deserialize(item).map_err(|wrong| wrong.at(item).under_index(index))).transpose()
    }
}

struct Entries<'t> {
    entries: &'t [(String, Node)],
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((key, node)) = self.entries.get(self.next) else { return Ok(None) };
        let name: serde::de::value::StrDeserializer<'_, Wrong> = key.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|wrong| wrong.on(node.line).under_key(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let Some((key, node)) = self.entries.get(self.next) else { return Err(Wrong::new("a value is missing")) };
        self.next += 1;
        seed.deserialize(node).map_err(|wrong| wrong.at(node).under_key(key))
    }
}

/// A table with one entry, as a variant.
struct One<'t> {
    name: &'t str,
    options: &'t Node,
}

impl<'de> EnumAccess<'de> for One<'de> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        let name: serde::de::value::StrDeserializer<'_, Wrong> = self.name.into_deserializer();
        let variant = seed.deserialize(name).map_err(|wrong| wrong.on(self.options.line).under_key(self.name))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for One<'de> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Err(Wrong::invalid_type(self.options.unexpected(), &"a name"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.options).map_err(|wrong| wrong.at(self.options).under_key(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.options.deserialize_any(visitor).map_err(|wrong| wrong.under_key(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.options.deserialize_any(visitor).map_err(|wrong| wrong.under_key(self.name))
    }
}
