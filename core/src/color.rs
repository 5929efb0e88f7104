use std::str::FromStr;

use crate::error::{Code, Error, Result};

/// A colour in sRGB with straight alpha, 0 to 255 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color(pub [u8; 4]);

impl Color {
    /// Opaque white.
    pub const WHITE: Self = Self([255, 255, 255, 255]);

    /// Red, green and blue of an opaque colour.
    pub(crate) fn opaque(self) -> Result<[u8; 3]> {
        match self.0 {
            [red, green, blue, 255] => Ok([red, green, blue]),
            [.., alpha] => Err(Error::new(
                Code::OptionInvalid,
                format!("the colour's alpha is {alpha}; an opaque colour is needed"),
            )),
        }
    }
}

impl FromStr for Color {
    type Err = Error;

    /// Any CSS colour: a name, `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `rgb(…)`, `hsl(…)`.
    fn from_str(text: &str) -> Result<Self> {
        csscolorparser::parse(text.trim()).map(|color| Self(color.to_rgba8())).map_err(|cause| {
            let message = format!("`{text}` is not a colour; write one as in CSS: white, #f80 or rgb(255, 136, 0)");
            Error::new(Code::OptionInvalid, message).because(cause)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_colours() {
        for (text, expected) in [
            ("white", [255, 255, 255, 255]),
            ("#f80", [255, 136, 0, 255]),
            ("#ff880080", [255, 136, 0, 128]),
            ("rgb(1, 2, 3)", [1, 2, 3, 255]),
        ] {
            assert_eq!(text.parse::<Color>().unwrap(), Color(expected), "{text}");
        }
        assert_eq!("chartreus".parse::<Color>().unwrap_err().code(), Code::OptionInvalid);
    }
}
