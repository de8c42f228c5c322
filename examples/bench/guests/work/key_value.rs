//! Values by key.

#[derive(Default)]
pub struct Values(std::cell::RefCell<std::collections::BTreeMap<String, String>>);

impl Values {
    pub fn set(&self, key: String, value: String) {
        self.0.borrow_mut().insert(key, value);
    }

    pub fn get(&self, key: &str) -> Option<String> {
        self.0.borrow().get(key).cloned()
    }

    pub fn len(&self) -> u32 {
        self.0.borrow().len() as u32
    }
}
