//! Connected components of a matte: which pixels belong together.
//!
//! Rows are cut into runs of subject pixels, and runs that touch (8-neighbourhood) in consecutive rows are merged with
//! a disjoint-set forest (Rosenfeld & Pfaltz 1966, Tarjan 1975). The cost grows with the number of runs, which for a
//! matte is a few per row.

use std::ops::Range;

use crate::geometry::Rect;
use crate::photo::Matte;

/// The lowest alpha of a pixel in a component: low enough that soft rims stay with their subject, high enough that haze
/// does not connect two subjects.
const MEMBER: u8 = 32;

/// A row's stretch of member pixels.
#[derive(Debug, Clone, Copy)]
struct Run {
    row: u32,
    start: u32,
    end: u32,
}

/// One connected subject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Instance {
    /// The smallest rectangle around it.
    pub bounds: Rect,
    /// Number of pixels that are at least half subject.
    pub area: u64,
}

/// The components of a matte, largest first.
pub(crate) struct Components {
    runs: Vec<Run>,
    /// For each run the index of its component in `instances`, if that was large enough to be listed.
    owner: Vec<Option<usize>>,
    instances: Vec<Instance>,
}

impl Components {
    /// Finds every component whose half-opaque area is at least `min_area` pixels.
    pub(crate) fn find(matte: &Matte, min_area: u64) -> Self {
        let runs = runs(matte);
        let mut forest = Forest::new(runs.len());
        let mut above = 0..0;
        let mut next = 0;
        while next < runs.len() {
            let row = runs[next].row;
            let end = next + runs[next..].iter().take_while(|run| run.row == row).count();
            let touching = if above.start < above.end && runs[above.start].row + 1 == row { above } else { 0..0 };
            merge_rows(&runs, touching, next..end, &mut forest);
            above = next..end;
            next = end;
        }

        let width = matte.width() as usize;
        let mut found: Vec<Option<Instance>> = vec![None; runs.len()];
        for (index, run) in runs.iter().enumerate() {
            let row = &matte.alpha()[run.row as usize * width..];
            let area =
                row[run.start as usize..run.end as usize].iter().filter(|&&a| a >= Matte::SUBJECT_FROM).count() as u64;
            let bounds = Rect { left: run.start, top: run.row, width: run.end - run.start, height: 1 };
            let slot = &mut found[forest.root(index)];
            *slot = Some(match *slot {
                Some(known) => Instance { bounds: known.bounds.union(bounds), area: known.area + area },
                None => Instance { bounds, area },
            });
        }
        let mut roots: Vec<usize> =
            (0..runs.len()).filter(|&i| found[i].is_some_and(|instance| instance.area >= min_area)).collect();
        // Largest first; ties are broken by scan order, so that the result does not depend on threads.
        roots.sort_by_key(|&root| std::cmp::Reverse(found[root].map_or(0, |instance| instance.area)));
        let mut rank = vec![None; runs.len()];
        for (position, &root) in roots.iter().enumerate() {
            rank[root] = Some(position);
        }
        let owner = (0..runs.len()).map(|index| rank[forest.root(index)]).collect();
        let instances = roots.iter().filter_map(|&root| found[root]).collect();
        Self { runs, owner, instances }
    }

    pub(crate) fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// The components of a set of pixels.
    pub(crate) fn of(width: usize, set: &[bool]) -> Self {
        let alpha = set.iter().map(|&member| if member { 255 } else { 0 }).collect();
        Self::find(&Matte::of_photo(width as u32, (set.len() / width) as u32, alpha), 1)
    }

    /// The pixels of each component, as stretches of indices, in the order of [`instances`](Self::instances).
    pub(crate) fn pixels(&self, width: usize) -> Vec<Vec<Range<usize>>> {
        let mut pixels = vec![Vec::new(); self.instances.len()];
        for (run, owner) in self.runs.iter().zip(&self.owner) {
            if let Some(owner) = owner {
                let row = run.row as usize * width;
                pixels[*owner].push(row + run.start as usize..row + run.end as usize);
            }
        }
        pixels
    }

    /// Clears every pixel that belongs to no chosen component. Pixels too faint to belong to any are kept inside the
    /// bounds of a chosen one, as its soft rim.
    pub(crate) fn keep(&self, matte: &mut Matte, chosen: impl Fn(usize) -> bool) {
        let kept: Vec<bool> = (0..self.instances.len()).map(chosen).collect();
        let boxes: Vec<Rect> =
            self.instances.iter().zip(&kept).filter(|(_, keep)| **keep).map(|(instance, _)| instance.bounds).collect();
        let width = matte.width();
        let mut runs = self.runs.iter().zip(&self.owner).peekable();
        for (y, row) in matte.alpha_mut().chunks_exact_mut(width as usize).enumerate() {
            let y = y as u32;
            let mut x = 0;
            while let Some((run, owner)) = runs.next_if(|(run, _)| run.row == y) {
                clear_faint(row, x, run.start, y, &boxes);
                if !owner.is_some_and(|owner| kept[owner]) {
                    row[run.start as usize..run.end as usize].fill(0);
                }
                x = run.end;
            }
            clear_faint(row, x, width, y, &boxes);
        }
    }
}

fn clear_faint(row: &mut [u8], start: u32, end: u32, y: u32, boxes: &[Rect]) {
    for x in start..end {
        let pixel = &mut row[x as usize];
        if *pixel != 0 && !boxes.iter().any(|bounds| bounds.contains(x, y)) {
            *pixel = 0;
        }
    }
}

fn runs(matte: &Matte) -> Vec<Run> {
    let mut runs = Vec::new();
    for (y, row) in matte.alpha().chunks_exact(matte.width() as usize).enumerate() {
        let mut x = 0;
        while let Some(start) = row[x..].iter().position(|&a| a >= MEMBER).map(|offset| x + offset) {
            let end = row[start..].iter().position(|&a| a < MEMBER).map_or(row.len(), |offset| start + offset);
            runs.push(Run { row: y as u32, start: start as u32, end: end as u32 });
            x = end;
        }
    }
    runs
}

fn merge_rows(runs: &[Run], above: Range<usize>, row: Range<usize>, forest: &mut Forest) {
    let mut first = above.start;
    for index in row {
        let run = runs[index];
        while first < above.end && runs[first].end < run.start {
            first += 1;
        }
        let mut other = first;
        // `<=` on both sides: diagonal neighbours touch.
        while other < above.end && runs[other].start <= run.end {
            forest.union(other, index);
            other += 1;
        }
    }
}

struct Forest(Vec<usize>);

impl Forest {
    fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.0[node] != node {
            self.0[node] = self.0[self.0[node]];
            node = self.0[node];
        }
        node
    }

    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        // The earlier run becomes the root: scan order, whatever the shape.
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matte(rows: &[&str]) -> Matte {
        let alpha = rows.iter().flat_map(|row| row.bytes()).map(|c| match c {
            b'#' => 255,
            b'+' => 20,
            _ => 0,
        });
        Matte::new(rows[0].len() as u32, rows.len() as u32, alpha.collect()).unwrap()
    }

    #[test]
    fn separate_shapes_are_separate_and_diagonals_touch() {
        let found = Components::find(&matte(&["##..#", "##...", "..#..", "....#"]), 1);
        let areas: Vec<u64> = found.instances().iter().map(|instance| instance.area).collect();
        assert_eq!(areas, [5, 1, 1]);
        assert_eq!(found.instances()[0].bounds, Rect { left: 0, top: 0, width: 3, height: 3 });
    }

    #[test]
    fn a_u_shape_is_one_component() {
        assert_eq!(Components::find(&matte(&["#...#", "#...#", "#####"]), 1).instances().len(), 1);
    }

    #[test]
    fn keeping_one_clears_the_others() {
        let mut picture = matte(&["##+.#", "##+.#", "....+"]);
        Components::find(&picture, 1).keep(&mut picture, |index| index == 1);
        let expected = matte(&["....#", "....#", "....."]);
        assert_eq!(picture, expected);
    }

    #[test]
    fn specks_are_not_listed_and_go_with_a_choice() {
        let mut picture = matte(&["###.#", "###.."]);
        let found = Components::find(&picture, 2);
        assert_eq!(found.instances().len(), 1);
        found.keep(&mut picture, |_| true);
        assert_eq!(picture, matte(&["###..", "###.."]));
    }

    /// Flood fill: slow, and obviously right.
    fn count_by_flood_fill(matte: &Matte) -> usize {
        let (width, height) = (matte.width() as i32, matte.height() as i32);
        let mut open: Vec<bool> = matte.alpha().iter().map(|&a| a >= MEMBER).collect();
        let mut count = 0;
        for start in 0..open.len() {
            if !open[start] {
                continue;
            }
            count += 1;
            let mut stack = vec![start as i32];
            while let Some(at) = stack.pop() {
                if !std::mem::take(&mut open[at as usize]) {
                    continue;
                }
                for (dx, dy) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
                    let (x, y) = (at % width + dx, at / width + dy);
                    if (0..width).contains(&x) && (0..height).contains(&y) && open[(y * width + x) as usize] {
                        stack.push(y * width + x);
                    }
                }
            }
        }
        count
    }

    proptest! {
        #[test]
        fn agrees_with_flood_fill(width in 1u32..12, bits in prop::collection::vec(any::<bool>(), 1..140)) {
            let height = (bits.len() as u32).div_ceil(width);
            let mut alpha: Vec<u8> = bits.iter().map(|&bit| if bit { 255 } else { 0 }).collect();
            alpha.resize((width * height) as usize, 0);
            let matte = Matte::new(width, height, alpha).unwrap();
            let found = Components::find(&matte, 1);
            prop_assert_eq!(found.instances().len(), count_by_flood_fill(&matte));
            let mut all = matte.clone();
            found.keep(&mut all, |_| true);
            prop_assert_eq!(all, matte);
        }
    }
}
