//! The log's files on their volume: which of them have a name, which are only held open, and what frees them.
//!
//! A process writes into the file that it has opened, whatever becomes of the name. So a file may be renamed under its
//! writer, and a file without a name keeps its bytes until its writer lets go: `df` counts them, and `du`, which walks
//! names, cannot.

use crate::time::SimTime;

/// Moments at which traces came into a file that is cut from its beginning, kept apart at most.
const MOST_MARKS: usize = 256;

/// What one file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// Bytes.
    pub bytes: u64,
    /// Traces of the bug among them that were not shipped.
    pub traces: u64,
    /// When it was last written.
    pub until: SimTime,
}

/// The file that the application writes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    /// The one called `app.log`.
    Active,
    /// The archive at this position, the youngest first: it was renamed under its writer.
    Archive(usize),
    /// One without a name.
    Ghost,
}

/// All files of the log on one server.
#[derive(Clone, Debug)]
pub struct Files {
    /// The one called `app.log`, if there is one.
    active: Option<File>,
    /// `app.log.1` and so on, the youngest first.
    archives: Vec<File>,
    /// One that was deleted while its writer held it open.
    ghost: Option<File>,
    /// What it was called: `app.log` at 0, `app.log.1` at 1.
    ghost_was: usize,
    writer: Writer,
    /// Bytes that were written and are no more.
    deleted: u64,
    /// Of a file that is cut from its beginning: how much had been written when traces came, and how many they were.
    marks: Vec<(u64, u64)>,
    /// All bytes written.
    written: u64,
    /// The moment up to which they are.
    now: SimTime,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            active: Some(File::default()),
            archives: Vec::new(),
            ghost: None,
            ghost_was: 0,
            writer: Writer::Active,
            deleted: 0,
            marks: Vec::new(),
            written: 0,
            now: SimTime::ZERO,
        }
    }
}

/// What a rotation does with the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handover {
    /// It is told to open the new file.
    Reopens,
    /// It is not told, and goes on writing into the old one.
    KeepsOld,
    /// The old file is copied and cut to nothing; so many bytes are written in between and lost.
    Copied {
        /// Bytes free on the volume.
        free: u64,
        /// Bytes that come between the end of the copy and the cut.
        gap: u64,
    },
}

impl Files {
    /// The file called `app.log`, if there is one.
    pub fn active(&self) -> Option<File> {
        self.active
    }

    /// `app.log.1` and so on.
    pub fn archives(&self) -> impl ExactSizeIterator<Item = &File> {
        self.archives.iter()
    }

    /// The file without a name, if there is one.
    pub fn ghost(&self) -> Option<File> {
        self.ghost
    }

    /// What the file without a name was called: `app.log` at 0, `app.log.1` at 1.
    pub fn ghost_was(&self) -> usize {
        self.ghost_was
    }

    /// What the writer's file holds.
    pub fn written_file(&self) -> File {
        let file = match self.writer {
            Writer::Active => self.active,
            Writer::Archive(position) => self.archives.get(position).copied(),
            Writer::Ghost => self.ghost,
        };
        file.unwrap_or_default()
    }

    fn written_file_mut(&mut self) -> &mut File {
        let file = match self.writer {
            Writer::Active => None,
            Writer::Archive(position) => self.archives.get_mut(position),
            Writer::Ghost => self.ghost.as_mut(),
        };
        match file {
            Some(file) => file,
            None => self.active.get_or_insert_default(),
        }
    }

    /// Bytes of all files that have a name: what `du` adds up.
    pub fn named(&self) -> u64 {
        self.active.map_or(0, |file| file.bytes) + self.archives.iter().map(|file| file.bytes).sum::<u64>()
    }

    /// Bytes of all files: what `df` counts.
    pub fn used(&self) -> u64 {
        self.named() + self.ghost.map_or(0, |file| file.bytes)
    }

    /// How many there are, with a name or without.
    pub fn count(&self) -> u64 {
        let single = u64::from(self.active.is_some()) + u64::from(self.ghost.is_some());
        single + self.archives.len() as u64
    }

    /// Bytes that were written and are no more.
    pub fn deleted(&self) -> u64 {
        self.deleted
    }

    /// All bytes written.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Traces that are on the volume and have not been shipped. Nobody looks into a file that has no name.
    pub fn traces(&self) -> u64 {
        self.active.map_or(0, |file| file.traces) + self.archives.iter().map(|file| file.traces).sum::<u64>()
    }

    /// So many bytes more have been written by `now`.
    pub fn write(&mut self, now: SimTime, bytes: u64) {
        self.written += bytes;
        self.now = now;
        let file = self.written_file_mut();
        file.bytes += bytes;
        if bytes > 0 {
            file.until = now;
        }
    }

    /// A trace that stays on the volume alone; `is_cut` where the file is cut from its beginning.
    pub fn keep_trace(&mut self, is_cut: bool) {
        self.written_file_mut().traces += 1;
        if !is_cut {
            return;
        }
        if self.marks.len() < MOST_MARKS {
            self.marks.push((self.written, 1));
        } else if let Some((_, count)) = self.marks.last_mut() {
            *count += 1;
        }
    }

    /// The writer's file is cut from its beginning to so many bytes.
    pub fn cut(&mut self, cap: u64) {
        let excess = self.written_file().bytes.saturating_sub(cap);
        self.deleted += excess;
        let first = self.written - (self.written_file().bytes - excess);
        let old = self.marks.partition_point(|(at, _)| *at < first);
        let gone: u64 = self.marks.drain(..old).map(|(_, count)| count).sum();
        let file = self.written_file_mut();
        file.bytes -= excess;
        // What came before it was cut for the first time is not marked.
        file.traces = file.traces.saturating_sub(gone);
    }

    /// A file that has been made or emptied just now.
    fn empty(&self) -> File {
        File { until: self.now, ..File::default() }
    }

    /// The appender takes the files into its own hands: it opens `app.log`.
    pub fn reopen(&mut self) {
        self.drop_file(self.ghost);
        self.ghost = None;
        self.active = self.active.or(Some(self.empty()));
        self.writer = Writer::Active;
        self.marks.clear();
    }

    fn drop_file(&mut self, file: Option<File>) {
        self.deleted += file.map_or(0, |file| file.bytes);
    }

    /// `rm app.log`.
    pub fn delete(&mut self) {
        let file = self.active.take();
        if self.writer == Writer::Active {
            (self.ghost, self.ghost_was, self.writer) = (file, 0, Writer::Ghost);
        } else {
            self.drop_file(file);
        }
    }

    /// `truncate -s 0 app.log`, which makes an empty file where there is none.
    pub fn truncate(&mut self) {
        let file = self.active.take();
        self.drop_file(file);
        self.active = Some(self.empty());
        self.marks.clear();
    }

    /// The same with whatever file the writer has open, by its descriptor.
    pub fn truncate_open(&mut self) {
        let empty = self.empty();
        let file = std::mem::replace(self.written_file_mut(), empty);
        self.drop_file(Some(file));
        self.marks.clear();
    }

    /// Rotates `app.log` and keeps so many archives. `None` where there is nothing to rotate, or no room for a copy;
    /// otherwise the bytes that were lost between copy and cut.
    pub fn rotate(&mut self, keep: usize, handover: Handover) -> Option<u64> {
        let mut file = self.active?;
        let mut lost = 0;
        if let Handover::Copied { free, gap } = handover {
            // Nothing is copied where nothing is kept.
            if keep > 0 && file.bytes > free {
                return None;
            }
            lost = if keep > 0 { gap.min(file.bytes) } else { 0 };
            self.deleted += lost;
            file.bytes -= lost;
        }
        self.active = Some(self.empty());
        self.archives.insert(0, file);
        self.writer = match (self.writer, handover) {
            (Writer::Active, Handover::KeepsOld) => Writer::Archive(0),
            (Writer::Archive(position), Handover::KeepsOld | Handover::Copied { .. }) => {
                Writer::Archive(position + 1)
            }
            (writer, Handover::KeepsOld | Handover::Copied { .. }) => writer,
            (_, Handover::Reopens) => {
                let ghost = self.ghost.take();
                self.drop_file(ghost);
                Writer::Active
            }
        };
        while self.archives.len() > keep {
            let oldest = self.archives.pop();
            if self.writer == Writer::Archive(self.archives.len()) {
                (self.ghost, self.ghost_was, self.writer) = (oldest, self.archives.len() + 1, Writer::Ghost);
            } else {
                self.drop_file(oldest);
            }
        }
        Some(lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(bytes: u64) -> Files {
        let mut files = Files::default();
        files.write(SimTime::ZERO, bytes);
        files
    }

    #[test]
    fn a_deleted_file_keeps_its_bytes_until_its_writer_lets_go() {
        let mut files = holding(100);
        files.delete();
        files.write(SimTime::ZERO, 5);
        assert_eq!((files.used(), files.named(), files.active()), (105, 0, None));
        files.truncate();
        assert_eq!((files.used(), files.named(), files.writer), (105, 0, Writer::Ghost));
        files.truncate_open();
        files.write(SimTime::ZERO, 5);
        assert_eq!((files.used(), files.named(), files.ghost_was()), (5, 0, 0));
        files.delete();
        files.reopen();
        assert_eq!((files.used(), files.deleted(), files.writer), (0, 110, Writer::Active));
    }

    #[test]
    fn a_writer_that_is_not_told_writes_on_under_the_new_name() {
        let mut files = holding(100);
        assert_eq!(files.rotate(1, Handover::KeepsOld), Some(0));
        files.write(SimTime::ZERO, 7);
        assert_eq!(files.active(), Some(File::default()));
        assert_eq!(files.archives().map(|file| file.bytes).collect::<Vec<_>>(), [107]);
        // Only when its turn comes to be deleted is it a ghost.
        assert_eq!(files.rotate(1, Handover::KeepsOld), Some(0));
        assert_eq!((files.ghost().map(|file| file.bytes), files.named(), files.used()), (Some(107), 0, 107));
        assert_eq!(files.ghost_was(), 2);
    }

    #[test]
    fn a_copy_needs_as_much_room_as_the_file_takes() {
        let mut files = holding(100);
        assert_eq!(files.rotate(1, Handover::Copied { free: 99, gap: 3 }), None);
        assert_eq!((files.used(), files.deleted()), (100, 0));
        assert_eq!(files.rotate(1, Handover::Copied { free: 100, gap: 3 }), Some(3));
        assert_eq!((files.used(), files.deleted(), files.writer), (97, 3, Writer::Active));
        files.write(SimTime::ZERO, 10);
        assert_eq!(files.rotate(0, Handover::Copied { free: 0, gap: 3 }), Some(0));
        assert_eq!((files.used(), files.deleted()), (0, 110));
    }

    #[test]
    fn a_file_that_is_cut_forgets_its_oldest_traces() {
        let mut files = Files::default();
        for _ in 0..10 {
            files.write(SimTime::ZERO, 10);
            files.keep_trace(true);
            files.cut(35);
        }
        assert_eq!((files.used(), files.deleted(), files.traces()), (35, 65, 4));
        for _ in 0..1000 {
            files.keep_trace(true);
        }
        files.write(SimTime::ZERO, 100);
        files.cut(35);
        assert_eq!(files.traces(), 0);
    }
}
