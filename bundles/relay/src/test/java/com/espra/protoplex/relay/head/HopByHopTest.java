package com.espra.protoplex.relay.head;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.junit.Test;

/** What goes on behind a body. */
public class HopByHopTest {

    @Test
    public void aTrailerSaysNothingOfWhereARequestComesFromAndNothingThatIsNoField() {
        HttpFields.Mutable said = HttpFields.build();
        for (String name : List.of(
                "Forwarded",
                "X-Forwarded-For",
                "x-forwarded-prefix",
                "Protoplex-Relay-Client",
                "Connection",
                "Content-Length",
                "Cookie",
                "two words",
                "X-Checksum")) {
            said.add(new HttpField(name, "1"));
        }
        assertEquals(
                List.of("X-Checksum"),
                HopByHop.trailers(said).stream().map(HttpField::getName).toList());
    }
}
