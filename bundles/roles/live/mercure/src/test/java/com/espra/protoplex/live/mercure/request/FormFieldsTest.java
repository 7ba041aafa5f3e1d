package com.espra.protoplex.live.mercure.request;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.Test;

public class FormFieldsTest {

    @Test
    public void aFormIsReadAsBrowsersReadIt() throws Exception {
        assertEquals(
                List.of(
                        Map.entry("a", "1"),
                        Map.entry("b", ""),
                        Map.entry("", "c"),
                        Map.entry("d e", "f=g;h"),
                        Map.entry("%zz", "%"),
                        Map.entry("\u00e9", "+ \u20ac"),
                        Map.entry("%4", "%G1")),
                FormFields.parse("a=1&&b&=c&d+e=f=g;h&%zz=%&%C3%A9=%2B+%E2%82%AC&%4=%G1")
                        .all());
        assertEquals(List.of(), FormFields.parse("").all());
    }

    @Test
    public void whatIsNoUtf8IsRefused() {
        for (String wrong : List.of("a=%ff", "%C3=1", "a=%ED%A0%80", "a=%C0%80", "a=%F5%80%80%80")) {
            assertThrows(wrong, MercureRefusal.class, () -> FormFields.parse(wrong));
        }
    }

    @Test
    public void thereAreNotTooMany() throws Exception {
        assertEquals(
                FormFields.MOST,
                FormFields.parse("a&".repeat(FormFields.MOST)).all().size());
        assertThrows(MercureRefusal.class, () -> FormFields.parse("a&".repeat(FormFields.MOST + 1)));
    }
}
