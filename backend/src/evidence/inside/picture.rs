//! Pictures: their frame is checked without unpacking them; shown are only their pixels, painted anew.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
    codecs::jpeg::JpegEncoder, imageops::FilterType, metadata::Orientation,
};

use super::{Done, Refusal, check::find};
use crate::evidence::kinds::FileKind;

/// Pixels of the largest picture.
const MOST_PIXELS: u64 = 64_000_000;
/// Bytes that unpacking one may take.
const MOST_BYTES: u64 = 400 * 1024 * 1024;
/// Pixels of the longer side of a thumbnail.
const THUMBNAIL: u32 = 480;
/// Of JPEG, 1 to 100.
const QUALITY: u8 = 85;

/// Its header can be read, it is not too large, and its end is there.
pub fn check(kind: FileKind, content: &[u8]) -> Done<()> {
    let has_end = match kind {
        FileKind::Png => png_ends(content),
        FileKind::Jpeg => jpeg_ends(content),
        _ => gif_ends(content),
    };
    match reader(kind, content)?.into_dimensions() {
        Ok((0, _) | (_, 0)) => Err(Refusal::Damaged),
        Ok((width, height)) if u64::from(width) * u64::from(height) > MOST_PIXELS => {
            Err(Refusal::TooManyPixels)
        }
        Ok(_) if !has_end => Err(Refusal::Truncated),
        Ok(_) => Ok(()),
        Err(ImageError::Limits(_)) => Err(Refusal::TooManyPixels),
        Err(_) => Err(if has_end { Refusal::Damaged } else { Refusal::Truncated }),
    }
}

/// A small JPEG on white.
pub fn thumbnail(kind: FileKind, content: &[u8]) -> Done<Vec<u8>> {
    let (picture, orientation) = unpack(kind, content)?;
    let mut picture = if picture.width().max(picture.height()) > THUMBNAIL {
        picture.resize(THUMBNAIL, THUMBNAIL, FilterType::Triangle)
    } else {
        picture
    };
    picture.apply_orientation(orientation);
    jpeg(&on_white(&picture))
}

/// The picture in its own size: JPEG stays JPEG, the others become PNG.
pub fn anew(kind: FileKind, content: &[u8]) -> Done<Vec<u8>> {
    let (mut picture, orientation) = unpack(kind, content)?;
    picture.apply_orientation(orientation);
    if kind == FileKind::Jpeg {
        return jpeg(&picture.into_rgb8());
    }
    let mut bytes = Vec::new();
    let written = picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png);
    written.map_err(|_| Refusal::Damaged)?;
    Ok(bytes)
}

fn reader(kind: FileKind, content: &[u8]) -> Done<ImageReader<Cursor<&[u8]>>> {
    let format = match kind {
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Png => ImageFormat::Png,
        FileKind::Gif => ImageFormat::Gif,
        _ => return Err(Refusal::NotSupported),
    };
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    Ok(reader)
}

/// The pixels, of an animation those of its first frame, and how the camera was held.
fn unpack(kind: FileKind, content: &[u8]) -> Done<(DynamicImage, Orientation)> {
    let refusal = |fault: ImageError| match fault {
        ImageError::Limits(_) => Refusal::TooLarge,
        _ => Refusal::Damaged,
    };
    let mut decoder = reader(kind, content)?.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refusal::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(refusal)?, orientation))
}

/// Paints what is transparent onto white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let source = picture.to_rgba8();
    RgbImage::from_fn(source.width(), source.height(), |x, y| {
        let [red, green, blue, alpha] = source.get_pixel(x, y).0;
        let over = |part: u8| {
            let mixed = u16::from(part) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            (mixed / 255) as u8
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

pub fn jpeg(picture: &RgbImage) -> Done<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture).map_err(|_| Refusal::Damaged)?;
    Ok(bytes)
}

/// Walks the chunks to the last one.
fn png_ends(content: &[u8]) -> bool {
    let mut at = 8;
    while let Some(head) = content.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        at += 12 + length;
        if &head[4..] == b"IEND" {
            return at <= content.len();
        }
    }
    false
}

/// Looks for the end mark. Before it, in what was compressed, 0xFF is always followed by 0 or a restart mark; embedded
/// thumbnails stand in segments, which are skipped. Cameras append things after it.
fn jpeg_ends(content: &[u8]) -> bool {
    const SCAN: u8 = 0xDA;
    const END: u8 = 0xD9;
    let mut at = 2;
    while let Some(&[mark, kind, high, low]) = content.get(at..at + 4) {
        if mark != 0xFF {
            return false;
        }
        match kind {
            0xFF => at += 1,
            END => return true,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => {
                at += 2 + usize::from(u16::from_be_bytes([high, low]));
                if kind == SCAN {
                    return content.get(at..).is_some_and(|rest| find(rest, &[0xFF, END]).is_some());
                }
            }
        }
    }
    content.get(at..at + 2) == Some(&[0xFF, END])
}

/// Walks the blocks to the trailer.
fn gif_ends(content: &[u8]) -> bool {
    let colours = |packed: u8| if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) };
    let skip = |mut at: usize| loop {
        match content.get(at) {
            Some(0) => return Some(at + 1),
            Some(&length) => at += 1 + usize::from(length),
            None => return None,
        }
    };
    let Some(&packed) = content.get(10) else { return false };
    let mut at = 13 + colours(packed);
    loop {
        let next = match content.get(at) {
            Some(0x3B) => return true,
            Some(0x21) => skip(at + 2),
            Some(0x2C) => content.get(at + 9).and_then(|&packed| skip(at + 11 + colours(packed))),
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 0]));
        let mut bytes = Vec::new();
        DynamicImage::from(picture).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    #[test]
    fn a_cut_picture_is_noticed_wherever_it_is_cut() {
        let rows = [
            (FileKind::Png, ImageFormat::Png),
            (FileKind::Jpeg, ImageFormat::Jpeg),
            (FileKind::Gif, ImageFormat::Gif),
        ];
        for (kind, format) in rows {
            let whole = written(format, 40, 30);
            assert_eq!(check(kind, &whole), Ok(()), "{kind:?}");
            for length in (20..whole.len()).step_by(7) {
                assert_eq!(check(kind, &whole[..length]), Err(Refusal::Truncated), "{kind:?} {length}");
            }
        }
    }

    #[test]
    fn a_giant_is_refused_by_its_header() {
        let mut png = written(ImageFormat::Png, 4, 4);
        png[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        // The checksum of the header, so that nothing else is wrong with it.
        let sum = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(check(FileKind::Png, &png), Err(Refusal::TooManyPixels));
    }

    /// PNG, annex D.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 }
            })
        })
    }

    #[test]
    fn a_thumbnail_is_small_upright_and_bare() {
        // A JPEG of 60 × 40 that says it has to be turned (EXIF orientation 6), with a secret in it.
        let plain = written(ImageFormat::Jpeg, 60, 40);
        let exif =
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0 the-garden-of-emil";
        let mut turned = plain[..2].to_vec();
        turned.extend([0xFF, 0xE1]);
        turned.extend(((exif.len() + 2) as u16).to_be_bytes());
        turned.extend(exif);
        turned.extend(&plain[2..]);
        assert_eq!(check(FileKind::Jpeg, &turned), Ok(()));
        for bytes in [thumbnail(FileKind::Jpeg, &turned).unwrap(), anew(FileKind::Jpeg, &turned).unwrap()] {
            let picture = image::load_from_memory(&bytes).unwrap();
            assert_eq!((picture.width(), picture.height()), (40, 60));
            assert_eq!(find(&bytes, b"garden"), None);
            assert_eq!(find(&bytes, b"Exif"), None);
        }
        let large = image::load_from_memory(
            &thumbnail(FileKind::Png, &written(ImageFormat::Png, 1000, 500)).unwrap(),
        );
        let large = large.unwrap();
        assert_eq!((large.width(), large.height()), (480, 240));
    }
}
