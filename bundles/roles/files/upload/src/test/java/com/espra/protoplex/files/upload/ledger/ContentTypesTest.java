package com.espra.protoplex.files.upload.ledger;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class ContentTypesTest {

    private static UploadToken token(String... types) {
        return new UploadToken("id", "ann", "h", "*", List.of(types), 10, Instant.EPOCH, false, "");
    }

    @Test
    public void aTypeIsExactlyOne() {
        assertEquals(Optional.of("image/png"), ContentTypes.parse(" Image/PNG "));
        assertEquals(Optional.of("text/plain; charset=utf-8"), ContentTypes.parse("text/plain; charset=utf-8"));
        assertEquals(Optional.of("text/plain;a=\"b; c\\\"\""), ContentTypes.parse("text/plain;a=\"b; c\\\"\""));
        for (String bad : List.of(
                "image/png, text/html",
                "image/png,text/html",
                "image/png;a=b, text/html",
                "image/png; a=\"b",
                "image",
                "image/",
                "/png",
                "image/*",
                "*/*",
                "image/png text/html",
                "image/png;",
                "image/png\n",
                "image/png\r\nX: y",
                "image/p\u00e4ng",
                "x".repeat(300) + "/y",
                "")) {
            Optional<String> parsed = ContentTypes.parse(bad);
            assertTrue(bad, parsed.isEmpty() || parsed.get().equals("image/png"));
            assertFalse(bad, parsed.toString().contains("html"));
        }
    }

    @Test
    public void whatBrowsersRunIsNamed() {
        assertTrue(token().takes("image/png"));
        assertTrue(token("Image/*").takes("image/png;a=b"));
        assertTrue(token(" text/plain", " image/png ").takes("image/png"));
        for (String active :
                List.of("image/svg+xml", "text/html;charset=utf-8", "application/mathml+xml", "text/xml")) {
            assertFalse(active, token().takes(active));
            assertFalse(active, token("image/*", "text/*", "application/*").takes(active));
            assertTrue(active, token("*").takes(active));
        }
        assertTrue(token("image/*", "image/svg+xml").takes("image/svg+xml"));
        assertFalse(token("image/*").takes("text/plain"));
    }

    @Test
    public void tokensAreForTypes() {
        assertEquals("image/*", ContentTypes.requireAllowed(" Image/* "));
        assertEquals("*", ContentTypes.requireAllowed("*"));
        for (String bad : List.of("", "image", "*/png", "im*/png", "image/p*", "**", "a/b/c")) {
            assertThrows(bad, IllegalArgumentException.class, () -> ContentTypes.requireAllowed(bad));
        }
    }
}
