//! Numbers in LEB128, of any length that is valid.
//!
//! Linkers write indices in five bytes, so that they can be changed in place. What is copied is
//! written in as few bytes as it takes.

/// How many bytes an unsigned number takes.
#[inline]
pub fn length(number: u64) -> usize {
    if number < 0x80 {
        return 1;
    }
    let bits = u64::BITS - number.leading_zeros();
    bits.div_ceil(7) as usize
}

/// How many bytes an index takes as a signed number.
pub fn signed_length(index: u32) -> usize {
    // One bit more, for the sign.
    length(u64::from(index) << 1)
}

/// How many bytes a signed number takes.
#[inline]
pub fn length_of_signed(number: i64) -> usize {
    // What differs from the sign, and the sign.
    length((number ^ number >> (i64::BITS - 1)).cast_unsigned() << 1)
}

/// Appends an unsigned number.
pub fn put(mut number: u64, sink: &mut Vec<u8>) {
    while number >= 0x80 {
        sink.push(number as u8 | 0x80);
        number >>= 7;
    }
    sink.push(number as u8);
}

/// Writes an unsigned number over as many bytes as it takes.
pub fn put_over(mut number: u64, bytes: &mut [u8]) {
    if let Some((last, others)) = bytes.split_last_mut() {
        for byte in others {
            *byte = number as u8 | 0x80;
            number >>= 7;
        }
        *last = number as u8;
    }
}

/// Whether the last byte of an unsigned number says nothing.
pub fn is_padded(bytes: &[u8]) -> bool {
    matches!(bytes, [.., _, 0])
}

/// Whether the last byte of a signed number says nothing but what the sign before it says.
pub fn is_padded_signed(bytes: &[u8]) -> bool {
    match bytes {
        [.., before, 0] => before & 0x40 == 0,
        [.., before, 0x7f] => before & 0x40 != 0,
        _ => false,
    }
}

/// The same number in as few bytes as it takes. `is_padded` is one of the two.
pub fn shortened(bytes: &[u8], is_padded: impl Fn(&[u8]) -> bool) -> Shortest {
    let mut shortest = Shortest { bytes: [0; LONGEST], length: bytes.len().min(LONGEST) };
    shortest.bytes[..shortest.length].copy_from_slice(&bytes[..shortest.length]);
    while is_padded(shortest.bytes()) {
        shortest.length -= 1;
        // What is padded has two bytes at least.
        shortest.bytes[shortest.length - 1] &= 0x7f;
    }
    shortest
}

/// The bytes of the longest number, which has 64 bits.
const LONGEST: usize = 10;

/// A number in as few bytes as it takes.
pub struct Shortest {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Shortest {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::Encode;

    use super::*;

    const NUMBERS: [u32; 10] =
        [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0x1fff, 0x2000, 0x7fff_ffff, u32::MAX];

    #[test]
    fn lengths_are_those_of_the_encoder() {
        let encoded = |number: &dyn Encode| {
            let mut bytes = Vec::new();
            number.encode(&mut bytes);
            bytes
        };
        for number in NUMBERS {
            let mut bytes = Vec::new();
            put(number.into(), &mut bytes);
            assert_eq!(bytes, encoded(&number));
            assert_eq!(length(number.into()), bytes.len(), "{number}");
            let mut over = vec![0xaa; bytes.len()];
            put_over(number.into(), &mut over);
            assert_eq!(over, bytes);
            assert_eq!(signed_length(number), encoded(&i64::from(number)).len(), "{number}");
            for number in [i64::from(number), -i64::from(number), !i64::from(number)] {
                assert_eq!(length_of_signed(number), encoded(&number).len(), "{number}");
            }
        }
        assert_eq!(length(u64::MAX), encoded(&u64::MAX).len());
        for number in [i64::MIN, i64::MAX] {
            assert_eq!(length_of_signed(number), encoded(&number).len(), "{number}");
        }
    }

    #[test]
    fn padding_goes_and_nothing_else() {
        for number in NUMBERS {
            let mut bytes = Vec::new();
            put(number.into(), &mut bytes);
            assert!(!is_padded(&bytes), "{number}");
            let mut padded = bytes.clone();
            if let Some(last) = padded.last_mut() {
                *last |= 0x80;
            }
            padded.extend([0x80, 0]);
            assert_eq!(shortened(&padded, is_padded).bytes(), bytes, "{number}");
        }
        for number in NUMBERS.map(u32::cast_signed) {
            let mut bytes = Vec::new();
            number.encode(&mut bytes);
            assert!(!is_padded_signed(&bytes), "{number}");
            let mut padded = bytes.clone();
            if let Some(last) = padded.last_mut() {
                *last |= 0x80;
            }
            padded.extend(if number < 0 { [0xff, 0x7f] } else { [0x80, 0] });
            assert_eq!(shortened(&padded, is_padded_signed).bytes(), bytes, "{number}");
        }
    }
}
