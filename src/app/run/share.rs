//! What one gives to others: the address of a run, a piece of a page that shows it, a code to photograph.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

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

/// The largest code that a phone reads off a screen: it has 65 modules along a side, and drawn 220 pixels wide with its quiet
/// zone, each has 3 pixels.
const LARGEST: u8 = 12;

/// The quiet zone around a code, in modules.
pub const QUIET: usize = 4;

/// A QR code: modules along a side, and the dark ones as an SVG path. `None` where the text is too long for a code that can
/// be read.
pub fn qr(text: &str) -> Option<(usize, String)> {
    let text = QrSegment::make_segments(text);
    // What room there is in a code of this size goes into correcting more errors.
    let code = QrCode::encode_segments_advanced(
        &text,
        QrCodeEcc::Low,
        Version::MIN,
        Version::new(LARGEST),
        None,
        true,
    )
    .ok()?;
    let width = code.size();
    let mut path = String::new();
    for (x, y) in (0..width * width).map(|module| (module % width, module / width)) {
        if code.get_module(x, y) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Some((width as usize, path))
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
