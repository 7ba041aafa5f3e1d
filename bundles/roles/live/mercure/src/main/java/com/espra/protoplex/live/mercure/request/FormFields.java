package com.espra.protoplex.live.mercure.request;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a query or of a form, in their order: {@code application/x-www-form-urlencoded} of WHATWG URL, section 5, in strict UTF-8. */
public final class FormFields {

    /** How many fields there may be. */
    static final int MOST = 1_000;

    private final List<Map.Entry<String, String>> fields = new ArrayList<>();

    /**
     * Reads a query or a form.
     *
     * @throws MercureRefusal if there are too many, or it is no UTF-8
     */
    public static FormFields parse(String text) throws MercureRefusal {
        FormFields form = new FormFields();
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('&', from);
            String field = text.substring(from, end < 0 ? text.length() : end);
            from = end < 0 ? text.length() : end + 1;
            if (!field.isEmpty()) {
                form.add(field);
            }
        }
        return form;
    }

    private void add(String field) throws MercureRefusal {
        if (fields.size() == MOST) {
            throw MercureRefusal.bad("there are more than " + MOST + " fields");
        }
        int equals = field.indexOf('=');
        String name = decode(equals < 0 ? field : field.substring(0, equals));
        fields.add(Map.entry(name, equals < 0 ? "" : decode(field.substring(equals + 1))));
    }

    private static String decode(String text) throws MercureRefusal {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int at = 0; at < bytes.length; at++) {
            int octet = bytes[at] == '%' && at + 2 < bytes.length ? octet(bytes[at + 1], bytes[at + 2]) : -1;
            if (octet >= 0) {
                decoded.write(octet);
                at += 2;
            } else {
                decoded.write(bytes[at] == '+' ? ' ' : bytes[at]);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw MercureRefusal.bad("a field is no UTF-8");
        }
    }

    private static int octet(byte first, byte second) {
        int high = Character.digit(first, 16);
        int low = Character.digit(second, 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    /** All of them, in their order. */
    public List<Map.Entry<String, String>> all() {
        return fields;
    }

    public List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    public boolean has(String name) {
        return fields.stream().anyMatch(field -> field.getKey().equals(name));
    }

    public Optional<String> first(String name) {
        return values(name).stream().findFirst();
    }
}
