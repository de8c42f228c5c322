//! In which order to decide about functions, where it matters what they call.

use cranelift_entity::EntitySet;

use crate::Result;
use crate::program::FuncId;

/// Functions in an order in which callees come before their callers, as far as there is one: in a circle,
/// one comes before what it calls. What is not among `open` comes, too, if it is called.
pub fn first(
    open: &[FuncId],
    callees: impl Fn(FuncId) -> Result<Vec<FuncId>>,
) -> Result<Vec<FuncId>> {
    let mut order = Vec::new();
    let mut seen = EntitySet::new();
    // What has been begun, and which of its callees have not been looked at. Chains of calls can be as long as
    // the input.
    let mut stack: Vec<(FuncId, std::vec::IntoIter<FuncId>)> = Vec::new();
    for &func in open {
        if seen.insert(func) {
            stack.push((func, callees(func)?.into_iter()));
        }
        while let Some((func, left)) = stack.last_mut() {
            match left.next() {
                Some(callee) if seen.insert(callee) => {
                    stack.push((callee, callees(callee)?.into_iter()));
                }
                Some(_) => {}
                None => {
                    order.push(*func);
                    stack.pop();
                }
            }
        }
    }
    Ok(order)
}
