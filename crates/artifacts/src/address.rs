//! Where a store is: a directory, or a bucket.

use std::fmt;
use std::path::PathBuf;

use crate::StoreError;

/// A directory, or `s3://BUCKET/PREFIX`. It is printed without what does not belong into a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A directory of this machine.
    Directory(PathBuf),
    /// Keys below a prefix of an S3 bucket. Credentials, region and endpoint come from the `AWS_…` environment.
    Bucket {
        /// The bucket's name.
        bucket: String,
        /// What every key begins with; empty for the whole bucket.
        prefix: String,
    },
}

impl Address {
    /// Reads an address. Anything without a scheme is a directory.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Ok(Self::Directory(PathBuf::from(text)));
        };
        // Neither the scheme nor the rest is repeated in the message: a secret may stand in either.
        let invalid = |why| StoreError::Address { why };
        match scheme {
            "file" if rest.starts_with('/') => Ok(Self::Directory(PathBuf::from(rest))),
            "s3" => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
                if bucket.is_empty() || !bucket.chars().all(is_name) {
                    return Err(invalid(
                        "the bucket's name is missing or is none; credentials belong into the environment",
                    ));
                }
                if prefix.contains(['?', '#', '@']) {
                    return Err(invalid("a prefix has no `?`, `#` or `@`"));
                }
                Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
            }
            _ => Err(invalid("expected a directory or s3://BUCKET/PREFIX")),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(dir) => write!(f, "{}", dir.display()),
            Self::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_directory_or_a_bucket() {
        let bucket = |bucket: &str, prefix: &str| Address::Bucket {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        };
        assert_eq!(Address::parse("/var/a").unwrap(), Address::Directory("/var/a".into()));
        assert_eq!(Address::parse("file:///var/a").unwrap(), Address::Directory("/var/a".into()));
        assert_eq!(Address::parse("s3://b").unwrap(), bucket("b", ""));
        assert_eq!(Address::parse("s3://b/one/two/").unwrap(), bucket("b", "one/two"));
    }

    #[test]
    fn no_message_shows_a_credential() {
        for text in
            ["s3://key:secret@b/p", "s3://b/p?secret=x", "http://me:secret@h/b", "secret://b", "s3:///x"]
        {
            let error = Address::parse(text).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
