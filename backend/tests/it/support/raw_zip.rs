//! Zip archives written byte by byte, so that they can say what no writer would.

/// One entry, stored as it is.
pub struct Entry {
    pub name: Vec<u8>,
    /// In the local header, where it is another.
    pub local_name: Option<Vec<u8>>,
    pub content: Vec<u8>,
    /// As Unix has it, with the type of the file.
    pub mode: u32,
    pub flags: u16,
    /// Where it is not that of the content.
    pub crc: Option<u32>,
}

impl Entry {
    pub fn new(name: &str, content: &str) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            content: content.as_bytes().to_vec(),
            mode: 0o100_644,
            flags: 0,
            crc: None,
        }
    }
}

pub fn archive(entries: &[Entry]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let start = u32::try_from(bytes.len()).unwrap();
        let local_name = entry.local_name.as_ref().unwrap_or(&entry.name);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(described(entry, local_name.len()));
        bytes.extend(local_name);
        bytes.extend(&entry.content);
        // Made by version 2.0 on Unix.
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(described(entry, entry.name.len()));
        // No comment, the first disk, no internal attributes.
        directory.extend([0; 6]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(&entry.name);
    }
    let (at, size) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].concat());
    bytes.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
    bytes.extend([0; 2]);
    bytes
}

/// What local and central header have in common: version, flags, stored, 1980-01-01, checksum, sizes, lengths.
fn described(entry: &Entry, name: usize) -> Vec<u8> {
    let size = u32::try_from(entry.content.len()).unwrap().to_le_bytes();
    let mut bytes = vec![20, 0];
    bytes.extend(entry.flags.to_le_bytes());
    bytes.extend([0, 0, 0, 0, 0x21, 0]);
    bytes.extend(entry.crc.unwrap_or_else(|| crc(&entry.content)).to_le_bytes());
    bytes.extend([size, size].concat());
    bytes.extend(u16::try_from(name).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// CRC-32 as zip counts it (ISO 3309).
fn crc(content: &[u8]) -> u32 {
    !content.iter().fold(u32::MAX, |mut crc, byte| {
        crc ^= u32::from(*byte);
        (0..8).for_each(|_| crc = (crc >> 1) ^ (0xEDB8_8320 & 0u32.wrapping_sub(crc & 1)));
        crc
    })
}
