//! Objects that shards name by digest instead of carrying them: a process reads each once, for all runs that use it.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use kernel::Digest;

/// The objects that runs of this process hold. One that no run holds any more is forgotten.
#[derive(Debug, Default)]
pub struct Objects(Mutex<BTreeMap<Digest, Weak<dyn Any + Send + Sync>>>);

impl Objects {
    /// An object as it was read, if a run holds it as this type.
    pub fn get<T: Send + Sync + 'static>(&self, digest: &Digest) -> Option<Arc<T>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(digest)?.upgrade()?;
        held.downcast().ok()
    }

    /// Makes an object known for as long as what is returned lives. Of two that were read at once, the first stays.
    pub fn hold<T: Send + Sync + 'static>(&self, digest: Digest, object: T) -> Arc<T> {
        if let Some(held) = self.get(&digest) {
            return held;
        }
        let object = Arc::new(object);
        let known: Weak<dyn Any + Send + Sync> = Arc::<T>::downgrade(&object);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, object| object.strong_count() > 0);
        all.insert(digest, known);
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_known_as_long_as_somebody_holds_it() {
        let (objects, digest) = (Objects::default(), Digest::of("a"));
        assert!(objects.get::<String>(&digest).is_none());
        let held = objects.hold(digest, "a".to_owned());
        assert!(Arc::ptr_eq(&held, &objects.get(&digest).unwrap()));
        assert!(Arc::ptr_eq(&held, &objects.hold(digest, "again".to_owned())));
        assert!(objects.get::<u8>(&digest).is_none());
        drop(held);
        assert!(objects.get::<String>(&digest).is_none());
    }
}
