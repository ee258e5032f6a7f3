//! Word enums: each variant is one word in JSON, in SQL and in URLs, and the word stands in one place.

/// Text that is none of the words of an enum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not one of {}", words.join(", "))]
pub struct UnknownWord {
    /// What was given.
    pub text: String,
    /// What there is.
    pub words: Vec<&'static str>,
}

/// Declares an enum whose variants are words: `ALL`, `as_str`, text form, serde. Attributes and further derives pass
/// through; the crate that declares one has `serde`. A word is a token and not a literal, because other derives read it
/// in `serde(rename)` and do not look into the group that a literal would arrive in.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident = $word:tt),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        $vis enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// All of them, in their order.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word.
            $vis const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or_else(|| {
                    let words = Self::ALL.iter().map(|word| word.as_str()).collect();
                    $crate::UnknownWord { text: text.to_owned(), words }
                })
            }
        }
    };
}

#[cfg(test)]
mod tests {
    words! {
        /// A test's.
        enum Colour {
            /// As blood.
            Red = "red",
            /// As nothing else.
            OffWhite = "off_white",
        }
    }

    #[test]
    fn the_word_is_the_same_in_text_and_json() {
        for colour in Colour::ALL {
            assert_eq!(colour.as_str().parse(), Ok(*colour));
            assert_eq!(serde_json::to_string(colour).unwrap(), format!("\"{colour}\""));
        }
        let error = "blue".parse::<Colour>().unwrap_err();
        assert_eq!(error.to_string(), "`blue` is not one of red, off_white");
    }
}
