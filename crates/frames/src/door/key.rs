//! Whether the name of a field names a secret. Names are read word by word, whatever way they are written in.

/// What the name of a field says about its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// Nothing.
    Open,
    /// It holds a token. A number under such a name counts tokens.
    Token,
    /// It holds a secret, whatever its form.
    Secret,
}

/// Words that name a secret wherever they stand.
const SECRETS: &[&str] = &[
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "pwd",
    "passphrase",
    "bearer",
    "authorization",
    "credential",
    "credentials",
];

/// Endings of words that were written without a boundary, such as `clientsecret`.
const ENDINGS: &[&str] = &[
    "apikey",
    "apikeys",
    "secret",
    "password",
    "passphrase",
    "secretkey",
    "privatekey",
    "accesskey",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "apitoken",
    "bearertoken",
    "sessiontoken",
];

/// What a `key` belongs to that is a secret.
const KEYS: &[&str] = &["api", "secret", "private", "access", "encryption", "signing", "account"];

/// What `tokens` belong to that are secrets; other tokens are counted.
const TOKENS: &[&str] = &["access", "refresh", "id", "api", "auth", "bearer", "session", "security"];

/// What makes a `token` before or behind it a quantity or a sort, and so no secret.
const BEFORE: &[&str] = &["max", "min", "num", "per", "count", "total", "budget", "limit", "last", "first"];
const BEHIND: &[&str] = &[
    "count", "counts", "limit", "limits", "type", "types", "usage", "budget", "length", "size", "index",
    "cost", "price", "rate", "ids", "total", "position", "details",
];

/// What a name says about the value under it.
pub(super) fn secrecy(key: &str) -> Secrecy {
    if !may_be_secret(key) {
        return Secrecy::Open;
    }
    let words = words(key);
    let is_secret = |at: usize| {
        let word = words[at].as_str();
        let before = at.checked_sub(1).map(|at| words[at].as_str());
        SECRETS.contains(&word)
            || ENDINGS.iter().any(|ending| word.ends_with(ending))
            || (matches!(word, "key" | "keys") && before.is_some_and(|word| KEYS.contains(&word)))
            || (word == "tokens" && before.is_some_and(|word| TOKENS.contains(&word)))
    };
    if (0..words.len()).any(is_secret) {
        Secrecy::Secret
    } else if (0..words.len()).any(|at| is_token(&words, at)) {
        Secrecy::Token
    } else {
        Secrecy::Open
    }
}

fn is_token(words: &[String], at: usize) -> bool {
    let is_counted = at.checked_sub(1).is_some_and(|before| BEFORE.contains(&words[before].as_str()))
        || words.get(at + 1).is_some_and(|behind| BEHIND.contains(&behind.as_str()));
    words[at] == "token" && !is_counted
}

/// Most names hold none of these, and are not taken apart.
fn may_be_secret(key: &str) -> bool {
    const PARTS: &[&[u8]] =
        &[b"key", b"token", b"secret", b"pass", b"pwd", b"bearer", b"authorization", b"credential"];
    let has = |part: &&[u8]| key.as_bytes().windows(part.len()).any(|at| at.eq_ignore_ascii_case(part));
    PARTS.iter().any(has)
}

/// The words of a name in lower case: `x-api-key`, `xApiKey`, `X_API_KEY` and `HTTPApiKey` hold `api` and `key`. Digits
/// that end a word say which of several it is.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = key.chars().collect();
    for (at, letter) in letters.iter().copied().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let is_lower_next = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        // A capital begins a word, but not within a row of capitals, whose last one may.
        let begins =
            letter.is_uppercase() && before.is_some_and(|before| !before.is_uppercase() || is_lower_next);
        if !letter.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    let named = |word: &String| word.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    words.iter().map(named).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_secret_by_its_words() {
        let secret = [
            "api_key",
            "apikey",
            "apiKey",
            "x-api-key",
            "X-API-KEY",
            "openai.api.key",
            "authorization",
            "AUTHORIZATION",
            "Proxy-Authorization",
            "secret",
            "client_secret",
            "clientSecret",
            "clientsecret",
            "password",
            "Password2",
            "user password",
            "passphrase",
            "bearer",
            "aws_secret_access_key",
            "privateKey",
            "access_tokens",
            "db_pwd",
            "credentials",
            "accessToken1x_secret",
        ];
        for key in secret {
            assert_eq!(secrecy(key), Secrecy::Secret, "{key}");
        }
        for key in
            ["token", "Token", "access_token", "refreshToken", "ID_TOKEN", "x-amz-security-token", "token2"]
        {
            assert_ne!(secrecy(key), Secrecy::Open, "{key}");
        }
    }

    #[test]
    fn a_name_that_only_holds_the_letters_of_a_secret_is_open() {
        let open = [
            "",
            "max_tokens",
            "maxTokens",
            "tokens",
            "total_tokens",
            "token_count",
            "tokenType",
            "max_token",
            "secretary",
            "passenger",
            "compass",
            "key",
            "keys",
            "primary_key",
            "keyboard",
            "tokenizer",
            "bypass",
            "authority",
            "pass",
            "bearers",
            "input_tokens_details",
            "monkey",
        ];
        for key in open {
            assert_eq!(secrecy(key), Secrecy::Open, "{key}");
        }
    }
}
