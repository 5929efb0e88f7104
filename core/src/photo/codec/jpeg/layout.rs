//! Layout of the blocks and samples of each component (ITU-T T.81, A.1 and A.2).

use super::headers::Frame;

/// The layout of a picture's components.
pub(super) struct Layout {
    /// Groups of blocks in each direction: what a scan with several components codes at a time.
    pub(super) groups: (usize, usize),
    /// The largest sampling factors.
    pub(super) largest: (usize, usize),
    pub(super) components: Vec<Grid>,
}

/// The blocks of one component.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// Blocks of a group.
    pub(super) factors: (usize, usize),
    /// Samples that belong to the picture.
    pub(super) size: (usize, usize),
    /// Blocks that hold them: what a scan of this component alone codes.
    pub(super) blocks: (usize, usize),
    /// Blocks from one row to the next, including the padding of groups.
    pub(super) stride: usize,
}

impl Layout {
    pub(super) fn of(frame: &Frame) -> Self {
        // A single component is never grouped, whatever its factors.
        let is_alone = frame.components.len() == 1;
        let factors = || frame.components.iter().map(|part| if is_alone { (1, 1) } else { part.factors });
        let largest = (factors().map(|f| f.0).max().unwrap_or(1), factors().map(|f| f.1).max().unwrap_or(1));
        let (width, height) = (usize::from(frame.width), usize::from(frame.height));
        let groups = (width.div_ceil(8 * largest.0), height.div_ceil(8 * largest.1));
        let grid = |factors: (usize, usize)| {
            let size = ((width * factors.0).div_ceil(largest.0), (height * factors.1).div_ceil(largest.1));
            Grid { factors, size, blocks: (size.0.div_ceil(8), size.1.div_ceil(8)), stride: groups.0 * factors.0 }
        };
        Self { groups, largest, components: factors().map(grid).collect() }
    }

    /// Blocks of the whole picture, without padding.
    pub(super) fn blocks(&self) -> usize {
        self.components.iter().map(|grid| grid.blocks.0 * grid.blocks.1).sum()
    }
}

impl Grid {
    /// Blocks in `rows` rows of groups.
    pub(super) fn blocks_in(&self, rows: usize) -> usize {
        self.stride * self.factors.1 * rows
    }
}
