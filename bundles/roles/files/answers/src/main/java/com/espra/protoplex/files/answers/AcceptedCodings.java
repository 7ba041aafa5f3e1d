package com.espra.protoplex.files.answers;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** In which codings a client takes a file (RFC 9110, section 12.5.3). */
public final class AcceptedCodings {

    private static final String ANY = "*";
    private static final int MOST = 50;

    private final Map<String, Boolean> said = new HashMap<>();

    /** @param headers the values of {@code Accept-Encoding} */
    public AcceptedCodings(List<String> headers) {
        for (String header : headers) {
            for (String each : header.split(",", MOST)) {
                int semicolon = each.indexOf(';');
                String coding = (semicolon < 0 ? each : each.substring(0, semicolon))
                        .strip()
                        .toLowerCase(Locale.ROOT);
                boolean refused =
                        semicolon >= 0 && each.substring(semicolon + 1).strip().matches("[qQ]\\s*=\\s*0(\\.0{0,3})?");
                said.put(coding.equals("x-gzip") ? "gzip" : coding, !refused);
            }
        }
    }

    /** Whether it takes this one. */
    public boolean accepts(String coding) {
        Boolean word = said.get(coding);
        return word != null ? word : said.getOrDefault(ANY, false);
    }
}
