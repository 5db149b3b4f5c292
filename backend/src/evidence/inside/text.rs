//! Documents as paragraphs, presentations as the text of their slides. Only text is taken: no field is computed, no
//! link followed, no entity resolved but those of XML itself.

use kpi_api::evidence::EvidencePreview;
use quick_xml::{Reader, events::Event};

use super::{Done, Refusal, ooxml};
use crate::evidence::kinds::FileKind;

const MOST_PARAGRAPHS: usize = 2_000;
/// Characters of all paragraphs together.
const MOST_TEXT: usize = 400_000;
/// Bytes of one part of the archive.
const LARGEST_PART: u64 = 96 * 1024 * 1024;
const MOST_SLIDES: usize = 300;

pub fn read(kind: FileKind, content: &[u8]) -> Done<EvidencePreview> {
    let mut archive = ooxml::open(content)?;
    let mut found = Found::default();
    if kind == FileKind::Docx {
        let part = ooxml::part(&mut archive, "word/document.xml", LARGEST_PART)?.ok_or(Refusal::Damaged)?;
        found.read(&part)?;
    } else {
        for number in 1..=MOST_SLIDES {
            let name = format!("ppt/slides/slide{number}.xml");
            let Some(part) = ooxml::part(&mut archive, &name, LARGEST_PART)? else { break };
            if number > 1 {
                found.end_paragraph();
                found.paragraphs.push(String::new());
            }
            found.read(&part)?;
        }
    }
    found.end_paragraph();
    Ok(EvidencePreview::Text { paragraphs: found.paragraphs, truncated: found.truncated })
}

#[derive(Default)]
struct Found {
    paragraphs: Vec<String>,
    /// The paragraph being read.
    current: String,
    characters: usize,
    truncated: bool,
}

impl Found {
    fn read(&mut self, xml: &[u8]) -> Done<()> {
        let mut reader = Reader::from_reader(xml);
        let mut buffer = Vec::new();
        // Inside an element that holds text to be seen; inside one whose content is told elsewhere too.
        let (mut in_text, mut skipped, mut cells) = (false, 0_u32, 0_u32);
        while !self.truncated {
            buffer.clear();
            match reader.read_event_into(&mut buffer).map_err(|_| Refusal::Damaged)? {
                Event::Eof => break,
                Event::Start(tag) => match tag.local_name().as_ref() {
                    // What old programs show instead of what stands beside it.
                    "Fallback" => skipped += 1,
                    "t" => in_text = true,
                    "tc" => cells += 1,
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "Fallback" => skipped = skipped.saturating_sub(1),
                    "t" => in_text = false,
                    "tc" => {
                        cells = cells.saturating_sub(1);
                        self.add(" | ");
                    }
                    "p" if cells > 0 => self.add(" "),
                    "p" | "tr" if cells == 0 => self.end_paragraph(),
                    _ => {}
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "tab" if skipped == 0 => self.add("\t"),
                    "br" | "cr" if skipped == 0 => self.add("\n"),
                    _ => {}
                },
                Event::Text(text) if in_text && skipped == 0 => self.add(&text.xml10_content()),
                Event::CData(text) if in_text && skipped == 0 => self.add(&text.xml10_content()),
                Event::GeneralRef(reference) if in_text && skipped == 0 => {
                    let resolved =
                        reference.resolve_char_ref().ok().flatten().or_else(|| predefined(&reference));
                    self.add(resolved.unwrap_or('\u{fffd}').encode_utf8(&mut [0; 4]));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n')) {
            if self.characters == MOST_TEXT {
                self.truncated = true;
                return;
            }
            self.current.push(c);
            self.characters += 1;
        }
    }

    fn end_paragraph(&mut self) {
        let text = std::mem::take(&mut self.current);
        let text = text.trim_end_matches([' ', '|']).trim();
        if text.is_empty() {
            return;
        }
        if self.paragraphs.len() == MOST_PARAGRAPHS {
            self.truncated = true;
        } else {
            self.paragraphs.push(text.to_owned());
        }
    }
}

/// The five entities that XML itself knows.
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(xml: &str) -> Vec<String> {
        let mut found = Found::default();
        found.read(xml.as_bytes()).unwrap();
        found.end_paragraph();
        found.paragraphs
    }

    #[test]
    fn text_is_read_and_nothing_else() {
        let xml = r#"<!DOCTYPE d [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaa">]>
            <w:document xmlns:w="w"><w:body>
            <w:p><w:r><w:t>Profit &amp; loss &#8211; </w:t><w:tab/><w:t>Q1</w:t><w:instrText>HYPERLINK "http://x"</w:instrText></w:r></w:p>
            <w:p/><w:p><w:r><w:t>&secret;&a;</w:t></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Sold</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            <mc:AlternateContent><mc:Choice><w:p><w:t>once</w:t></w:p></mc:Choice><mc:Fallback><w:p><w:t>once</w:t></w:p></mc:Fallback></mc:AlternateContent>
            </w:body></w:document>"#;
        assert_eq!(
            paragraphs(xml),
            ["Profit & loss – \tQ1", "\u{fffd}\u{fffd}", "Sold  | 12", "once"].map(str::to_owned)
        );
    }

    #[test]
    fn there_is_an_end_to_it() {
        let long = format!("<w:p><w:t>{}</w:t></w:p>", "x".repeat(MOST_TEXT + 10));
        let mut found = Found::default();
        found.read(long.as_bytes()).unwrap();
        assert!(found.truncated);
        let many = "<w:p><w:t>x</w:t></w:p>".repeat(MOST_PARAGRAPHS + 10);
        let mut found = Found::default();
        found.read(many.as_bytes()).unwrap();
        assert_eq!((found.paragraphs.len(), found.truncated), (MOST_PARAGRAPHS, true));
    }
}
