//! What a recipe costs.

use std::collections::BTreeMap;

use packshot_api::Template;
use packshot_api::service::{Credits, PhotoSize, Quote, QuoteRequest, QuotedStep, Time};

use super::Plans;
use crate::code::Code;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::secrets::{Secrets, Token, TokenKind};

/// At most so many photos in one quote.
const MOST_PHOTOS: u32 = 100_000;

/// The largest side of a photo, in pixels.
const MOST_SIDE: u32 = 100_000;

/// What a quote promises. It is in the quote's id itself, signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct QuoteFacts {
    pub(crate) organisation: Id,
    pub(crate) amount: Credits,
    pub(crate) expires_at: Time,
}

impl QuoteFacts {
    fn write(&self, secrets: &Secrets) -> Result<String> {
        let numbers = [self.amount.as_millis(), self.expires_at.as_micros()].map(i64::to_be_bytes);
        let facts = [self.organisation.as_bytes().as_slice(), numbers.as_flattened()].concat();
        Token::new(TokenKind::Quote, facts).write(secrets)
    }

    /// What this service promised in a quote for `organisation`, while it holds.
    pub(crate) fn read(secrets: &Secrets, text: &str, organisation: Id, now: Time) -> Result<Self> {
        let read = || -> Option<Self> {
            let facts = Token::read_as(secrets, TokenKind::Quote, text)?;
            let (of, rest) = facts.split_first_chunk()?;
            let (amount, expires_at) = rest.split_first_chunk()?;
            Some(Self {
                organisation: Id::from_bytes(*of),
                amount: Credits::from_millis(i64::from_be_bytes(*amount))?,
                expires_at: Time::from_micros(i64::from_be_bytes(expires_at.try_into().ok()?)),
            })
        };
        let usable = |facts: &Self| facts.organisation == organisation && facts.expires_at > now;
        read().filter(usable).ok_or(Error::Denied(Code::QuoteInvalid))
    }
}

impl Plans {
    /// What a recipe costs `organisation`, until `expires_at`.
    pub(crate) fn quote(
        &self,
        secrets: &Secrets,
        organisation: Id,
        request: &QuoteRequest,
        expires_at: Time,
    ) -> Result<Quote> {
        let recipe = Template::parse(&request.recipe.to_string())
            .and_then(|template| template.hosted(&BTreeMap::new()))
            .map_err(|cause| Error::field("recipe", cause.to_string()))?;
        let PhotoSize { width, height } = request.photo;
        if !(1..=MOST_SIDE).contains(&width) || !(1..=MOST_SIDE).contains(&height) {
            return Err(Error::field("photo", format!("has sides of 1 to {MOST_SIDE} pixels")));
        }
        let count = request.count.unwrap_or(1);
        if !(1..=MOST_PHOTOS).contains(&count) {
            return Err(Error::field("count", format!("is 1 to {MOST_PHOTOS}")));
        }
        let mut unpriced = None;
        let estimate = recipe.estimate((width, height), |step, _, output| {
            let price = self.prices.iter().find(|price| price.step == step.name());
            if price.is_none() {
                unpriced = Some(step.name());
            }
            price.map_or(0, |price| cost(price.photo, price.megapixel, output))
        });
        if unpriced.is_some() {
            return Err(Error::Denied(Code::NotPriced));
        }
        let amount = millis(estimate.total.saturating_mul(count.into()))?;
        let size = |(width, height)| PhotoSize { width, height };
        let steps = estimate.steps.into_iter().map(|step| {
            let (input, output) = (size(step.input), size(step.output));
            Ok(QuotedStep { step: step.step.to_owned(), input, output, amount: millis(step.price)? })
        });
        let id = QuoteFacts { organisation, amount, expires_at }.write(secrets)?;
        Ok(Quote { id, amount, steps: steps.collect::<Result<_>>()?, expires_at })
    }
}

/// Each megapixel of the result that is begun costs, but for the first.
fn cost(photo: Credits, megapixel: Credits, (width, height): (u32, u32)) -> u64 {
    let begun = (u64::from(width) * u64::from(height)).div_ceil(1_000_000).max(1) - 1;
    let [photo, megapixel] = [photo, megapixel].map(|credits| credits.as_millis().unsigned_abs());
    photo.saturating_add(megapixel.saturating_mul(begun))
}

fn millis(millis: u64) -> Result<Credits> {
    let credits = i64::try_from(millis).ok().and_then(Credits::from_millis);
    credits.ok_or_else(|| Error::field("count", "makes it more than one hold may reserve; ask for fewer photos"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use packshot_policy::Preset;

    fn quote(recipe: &str, photo: (u32, u32), count: u32) -> Result<Quote> {
        let plans = Plans::parse(Plans::preset("narpix").unwrap(), &Preset::named("narpix").unwrap().policy().unwrap());
        let (width, height) = photo;
        let recipe = serde_json::from_str(recipe).unwrap();
        let request = QuoteRequest { recipe, photo: PhotoSize { width, height }, count: Some(count) };
        plans?.quote(&Secrets::derive(&[7; 32])?, Id::from_bytes([1; 16]), &request, Time::from_micros(1000))
    }

    #[test]
    fn a_recipe_costs_what_its_steps_cost() {
        let recipe = r#"{ "schema": "packshot.recipe/1", "steps": [{ "remove_background": {} }, { "upscale": { "scale": 2 } }] }"#;
        let quote = quote(recipe, (2000, 1500), 3).unwrap();
        let amounts: Vec<_> = quote.steps.iter().map(|step| step.amount.as_millis()).collect();
        // 3 megapixels, then 12: 1000 + 2 x 50, 2000 + 11 x 100.
        assert_eq!(amounts, [1100, 3100]);
        assert_eq!(quote.amount.as_millis(), 3 * 4200);
        assert_eq!((quote.steps[1].output.width, quote.steps[1].output.height), (4000, 3000));
    }

    #[test]
    fn a_quote_is_good_for_its_organisation_and_its_time() {
        let recipe = r#"{ "schema": "packshot.recipe/1", "steps": [{ "remove_background": {} }] }"#;
        let quote = quote(recipe, (100, 100), 1).unwrap();
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        let read = |organisation: u8, now: i64| {
            QuoteFacts::read(&secrets, &quote.id, Id::from_bytes([organisation; 16]), Time::from_micros(now))
        };
        assert_eq!(read(1, 999).unwrap().amount.as_millis(), 1000);
        assert!(read(2, 999).is_err() && read(1, 1000).is_err());
    }

    #[test]
    fn a_recipe_that_names_files_of_the_service_is_refused() {
        let recipe =
            r#"{ "schema": "packshot.recipe/1", "steps": [{ "upscale": { "model": { "file": "/etc/net.onnx" } } }] }"#;
        let error = quote(recipe, (10, 10), 1).unwrap_err().to_string();
        assert!(error.contains("steps[0].upscale.model.file"), "{error}");
        assert!(quote(recipe, (0, 10), 1).is_err());
    }
}
