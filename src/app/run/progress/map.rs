//! The lessons of a store, which are an object in JSON. A sorted list holds them: the page has no other use for a tree
//! with keys of text, and its code would be twice this.

use std::fmt;

use litemap::LiteMap;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// Writes an object, also where there is nothing in it.
pub(super) fn serialize<V: Serialize, S: Serializer>(
    map: &LiteMap<String, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter())
}

/// Reads what [`serialize`] has written; of two entries with one key the later one counts.
pub(super) fn deserialize<'de, V: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<LiteMap<String, V>, D::Error> {
    deserializer.deserialize_map(Entries(LiteMap::new()))
}

struct Entries<V>(LiteMap<String, V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
    type Value = LiteMap<String, V>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Self::Value, A::Error> {
        while let Some((key, value)) = entries.next_entry()? {
            self.0.insert(key, value);
        }
        Ok(self.0)
    }
}
