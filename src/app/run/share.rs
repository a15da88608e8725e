//! What one gives to others: the address of a run, a piece of a page that shows it, a code to photograph.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// A piece of HTML that shows the page at `address` inside another page.
pub fn embed(address: &str, title: &str) -> String {
    format!(
        "<iframe src=\"{}\" title=\"War Stories: {}\" width=\"100%\" height=\"800\" allow=\"fullscreen; clipboard-write\"></iframe>",
        escape(address),
        escape(title)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Programs that send messages cut links of more characters than this, or may.
pub const LONG_LINK: usize = 2000;

/// Modules along the side of a code, its quiet zone included, that a phone reads off a screen: drawn 220 pixels wide, each
/// has at least 3.
const MOST_MODULES: usize = 73;

/// The quiet zone around a code, in modules.
pub const QUIET: usize = 4;

/// A QR code: modules along a side, and the dark ones as an SVG path. `None` where the text is too long for a code that can
/// be read.
pub fn qr(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let width = code.width();
    if width + 2 * QUIET > MOST_MODULES {
        return None;
    }
    let mut path = String::new();
    for (index, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", index % width, index / width);
        }
    }
    Some((width, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_html_cannot_be_broken_out_of() {
        let html = embed("https://a.example/#/play/x?seed=1&t=\"><script>", "\"<b>");
        assert!(html.contains("seed=1&amp;t=&quot;&gt;&lt;script&gt;\""), "{html}");
        assert_eq!(html.matches('<').count(), 2, "{html}");
    }

    #[test]
    fn a_code_has_its_three_corners() {
        let (width, path) = qr("https://a.example/#/play/queueing_lab?seed=1").expect("a short text");
        assert!(width >= 21 && width % 4 == 1);
        for (x, y) in [(0, 0), (width - 7, 0), (0, width - 7)] {
            assert!(path.contains(&format!("M{x} {y}h1")), "{x} {y}");
        }
        assert_eq!(qr(&"x".repeat(5000)), None);
        // Version 12 has 65 modules and holds 367 bytes; the next one has 69.
        assert_eq!(qr(&"x".repeat(367)).map(|(width, _)| width), Some(65));
        assert_eq!(qr(&"x".repeat(368)), None);
    }
}
