//! Dependencies first: the order in which things can be defined, or the circle that forbids one.
//!
//! Depth-first with a stack of its own: inputs decide how deep a chain of dependencies is.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Every node that is reachable from the roots, each after all its dependencies, in the order of
/// roots and dependencies otherwise. The error is a circle: each node depends on the next, and the
/// last on the first.
pub(super) fn dependencies_first<N: Copy + Ord>(
    roots: impl IntoIterator<Item = N>,
    mut dependencies: impl FnMut(N) -> Vec<N>,
) -> Result<Vec<N>, Vec<N>> {
    let mut ordered = Vec::new();
    let mut finished = BTreeMap::new();
    for root in roots {
        let mut path = Vec::new();
        enter(root, &mut path, &mut finished, &mut dependencies);
        while let Some((node, remaining)) = path.last_mut() {
            let node = *node;
            let Some(next) = remaining.next() else {
                finished.insert(node, true);
                ordered.push(node);
                path.pop();
                continue;
            };
            if finished.get(&next) == Some(&false) {
                return Err(path.iter().map(|(n, _)| *n).skip_while(|n| *n != next).collect());
            }
            enter(next, &mut path, &mut finished, &mut dependencies);
        }
    }
    Ok(ordered)
}

/// A node on the current path, with the dependencies that have not been looked at.
type Step<N> = (N, std::vec::IntoIter<N>);

fn enter<N: Copy + Ord>(
    node: N,
    path: &mut Vec<Step<N>>,
    finished: &mut BTreeMap<N, bool>,
    dependencies: &mut impl FnMut(N) -> Vec<N>,
) {
    if let Entry::Vacant(entry) = finished.entry(node) {
        entry.insert(false);
        path.push((node, dependencies(node).into_iter()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_come_first_and_once() {
        let dependencies = |n: u32| match n {
            1 => vec![2, 3],
            2 => vec![4],
            3 => vec![4],
            _ => vec![],
        };
        assert_eq!(dependencies_first([1, 3, 5], dependencies), Ok(vec![4, 2, 3, 1, 5]));
    }

    #[test]
    fn a_circle_is_named_without_the_way_to_it() {
        let dependencies = |n: u32| vec![if n < 3 { n + 1 } else { 2 }];
        assert_eq!(dependencies_first([0], dependencies), Err(vec![2, 3]));
        assert_eq!(dependencies_first([7], |n| vec![n]), Err(vec![7]));
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let ordered =
            dependencies_first([0u32], |n| (n < 200_000).then_some(n + 1).into_iter().collect());
        assert_eq!(ordered.map(|o| o.len()), Ok(200_001));
    }
}
