//! Filters of grey pictures.

pub fn invert(pixels: &[u8]) -> Vec<u8> {
    pixels.iter().map(|pixel| 255 - pixel).collect()
}

/// Each pixel becomes the mean of itself and the two beside it.
pub fn blur(pixels: &[u8], width: u32) -> Vec<u8> {
    let mut blurred = Vec::with_capacity(pixels.len());
    for row in pixels.chunks(width as usize) {
        for x in 0..row.len() {
            let left = u32::from(row[x.saturating_sub(1)]);
            let right = u32::from(row[(x + 1).min(row.len() - 1)]);
            blurred.push(((left + u32::from(row[x]) + right) / 3) as u8);
        }
    }
    blurred
}
