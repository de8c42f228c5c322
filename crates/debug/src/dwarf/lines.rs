//! Line tables: which file and line each instruction comes from.
//!
//! A table is a program that makes rows, in sequences. Each sequence is of a function, or of several
//! where the linker was told not to take functions apart; a new one is begun for each function that is
//! kept. Files and directories are written when a row or an entry mentions them.

use gimli::LineEncoding;
use gimli::read::{self, LineProgramHeader};
use gimli::write::{
    Address, DirectoryId, FileId, FileInfo, LineProgram, LineString, LineStringTable,
};
use wasm_fuser_merge::Copied;

use super::budget::{Budget, Spent};
use super::{Reader, UnitRef};
use crate::moves::{Moves, NOWHERE};

/// A line table in the making.
#[derive(Debug)]
pub struct Lines {
    pub program: LineProgram,
    files: Vec<Option<FileId>>,
    directories: Vec<Option<DirectoryId>>,
}

/// What is under way: the function, where the sequence began, and how far it is.
struct Sequence<'m> {
    function: &'m Copied,
    start: u64,
    offset: u64,
}

impl Lines {
    /// The table of a unit, with the rows of what is kept.
    pub fn of<'a>(
        unit: UnitRef<'_, 'a>,
        moves: &Moves<'_>,
        strings: &mut LineStringTable,
        budget: &mut Budget,
    ) -> Result<Option<Lines>, Spent> {
        let Some(program) = unit.line_program.clone() else { return Ok(None) };
        let header = program.header();
        let names = header.file_names().len() + header.include_directories().len();
        budget.pay(4 * names as u64 + 4 * header.raw_program_buf().slice().len() as u64)?;
        let Some(mut lines) = Lines::empty(unit, header, strings, budget)? else { return Ok(None) };
        let mut rows = program.rows();
        let mut sequence: Option<Sequence<'_>> = None;
        // Whether this is the first row of a sequence, and whether that is one of code that is gone.
        let (mut is_first, mut is_gone) = (true, false);
        // What follows a row that cannot be read is lost.
        while let Ok(Some((header, row))) = rows.next_row() {
            let address = row.address();
            if std::mem::replace(&mut is_first, row.end_sequence()) {
                is_gone = address == NOWHERE;
            }
            let is_over = |it: &Sequence<'_>| row.end_sequence() || !contains(it.function, address);
            if let Some(done) = sequence.take_if(|it| is_over(it)) {
                let end = moves.image(done.function, address).saturating_sub(done.start);
                lines.program.end_sequence(end.max(done.offset));
            }
            if row.end_sequence() || is_gone {
                continue;
            }
            let Some(file) = lines.file(unit, header, row.file_index(), strings, budget)? else {
                continue;
            };
            if sequence.is_none()
                && let Some(function) = moves.function(address)
            {
                let start = moves.image(function, address);
                lines.program.begin_sequence(Some(Address::Constant(start)));
                sequence = Some(Sequence { function, start, offset: 0 });
            }
            let Some(sequence) = &mut sequence else { continue };
            let offset = moves.image(sequence.function, address).checked_sub(sequence.start);
            let Some(offset) = offset.filter(|offset| *offset >= sequence.offset) else { continue };
            sequence.offset = offset;
            lines.row(row, offset, file);
        }
        if let Some(open) = sequence {
            // It was never ended: up to where its function is.
            let end = moves.image(open.function, open.function.input.end.into());
            lines.program.end_sequence(end.saturating_sub(open.start).max(open.offset));
        }
        Ok(Some(lines))
    }

    /// A table without rows.
    fn empty<'a>(
        unit: UnitRef<'_, 'a>,
        header: &LineProgramHeader<Reader<'a>>,
        strings: &mut LineStringTable,
        budget: &mut Budget,
    ) -> Result<Option<Lines>, Spent> {
        let encoding = unit.encoding();
        let mut string = |value: Option<read::AttributeValue<Reader<'a>>>| {
            let bytes = value.and_then(|value| text(unit, value)).unwrap_or_default();
            budget.pay(4 + 2 * bytes.len() as u64)?;
            Ok(LineString::new(bytes, encoding, strings))
        };
        // In version 5 these are written, whatever uses them.
        let (directory, file) = match encoding.version {
            5.. => (header.directory(0), header.file(0)),
            _ => (None, None),
        };
        let parent = file.map(|file| file.directory_index());
        let parent = parent.filter(|index| *index != 0 && *index <= u32::MAX.into());
        let parent = parent.and_then(|index| header.directory(index));
        let working_directory = string(directory)?;
        let parent = parent.map(|parent| string(Some(parent))).transpose()?;
        let name = string(file.map(|file| file.path_name()))?;
        let line_encoding = LineEncoding::default();
        let mut program =
            LineProgram::new(encoding, line_encoding, working_directory, parent, name, None);
        program.file_has_md5 = header.file_has_md5();
        program.file_has_source = header.file_has_source();
        Ok(Some(Lines { program, files: Vec::new(), directories: Vec::new() }))
    }

    /// A file of the input, by its index there.
    pub fn file<'a>(
        &mut self,
        unit: UnitRef<'_, 'a>,
        header: &LineProgramHeader<Reader<'a>>,
        index: u64,
        strings: &mut LineStringTable,
        budget: &mut Budget,
    ) -> Result<Option<FileId>, Spent> {
        let Ok(at) = usize::try_from(index) else { return Ok(None) };
        if let Some(Some(known)) = self.files.get(at) {
            return Ok(Some(*known));
        }
        let Some(file) = header.file(index) else { return Ok(None) };
        let Some(name) = text(unit, file.path_name()) else { return Ok(None) };
        budget.pay(16 + 2 * name.len() as u64)?;
        if name.is_empty() {
            return Ok(None);
        }
        let directory = self.directory(unit, header, file.directory_index(), strings, budget)?;
        let Some(directory) = directory else { return Ok(None) };
        let encoding = self.program.encoding();
        let source = match file.source() {
            Some(source) if encoding.version >= 5 => text(unit, source),
            _ => None,
        };
        budget.pay(2 * source.map_or(0, |source| source.len() as u64))?;
        let info = FileInfo {
            timestamp: 0,
            size: 0,
            md5: *file.md5(),
            source: source.map(|source| LineString::new(source, encoding, strings)),
        };
        let name = LineString::new(name, encoding, strings);
        let id = self.program.add_file(name, directory, Some(info));
        // There are no more files than the header has bytes.
        self.files.resize(self.files.len().max(at + 1), None);
        self.files[at] = Some(id);
        Ok(Some(id))
    }

    fn directory<'a>(
        &mut self,
        unit: UnitRef<'_, 'a>,
        header: &LineProgramHeader<Reader<'a>>,
        index: u64,
        strings: &mut LineStringTable,
        budget: &mut Budget,
    ) -> Result<Option<DirectoryId>, Spent> {
        // The first one is where the compiler was run.
        if index == 0 {
            return Ok(Some(self.program.default_directory()));
        }
        let Ok(at) = usize::try_from(index) else { return Ok(None) };
        if let Some(Some(known)) = self.directories.get(at) {
            return Ok(Some(*known));
        }
        let Some(name) = header.directory(index).and_then(|value| text(unit, value)) else {
            return Ok(None);
        };
        budget.pay(8 + 2 * name.len() as u64)?;
        if name.is_empty() {
            return Ok(Some(self.program.default_directory()));
        }
        let name = LineString::new(name, self.program.encoding(), strings);
        let id = self.program.add_directory(name);
        self.directories.resize(self.directories.len().max(at + 1), None);
        self.directories[at] = Some(id);
        Ok(Some(id))
    }

    fn row(&mut self, row: &read::LineRow, offset: u64, file: FileId) {
        let out = self.program.row();
        out.address_offset = offset;
        out.file = file;
        // Lines are differences in the result: those of no file would overflow.
        let line = row.line().map_or(0, |line| line.get());
        out.line = if line > u32::MAX.into() { 0 } else { line };
        out.column = match row.column() {
            read::ColumnType::LeftEdge => 0,
            read::ColumnType::Column(column) => column.get(),
        };
        out.discriminator = row.discriminator();
        out.is_statement = row.is_stmt();
        out.basic_block = row.basic_block();
        out.prologue_end = row.prologue_end();
        out.epilogue_begin = row.epilogue_begin();
        self.program.generate_row();
    }
}

fn contains(function: &Copied, address: u64) -> bool {
    (u64::from(function.input.start)..u64::from(function.input.end)).contains(&address)
}

/// What is written for a string in a line table.
fn text<'a>(unit: UnitRef<'_, 'a>, value: read::AttributeValue<Reader<'a>>) -> Option<&'a [u8]> {
    let text = unit.dwarf.attr_line_string(value).ok()?.slice();
    (!text.contains(&0)).then_some(text)
}
