package com.espra.protoplex.http.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.junit.Test;

/** What one connection has of a head. */
public class OpenHeadTest {

    private static final int MOST = 1000;

    private final HeadMemory heads = new HeadMemory(MOST, () -> false);

    private static ByteArrayEndPoint endPoint() {
        ByteArrayEndPoint made = new ByteArrayEndPoint();
        made.setConnection((Connection) Proxy.newProxyInstance(
                OpenHeadTest.class.getClassLoader(),
                new Class<?>[] {Connection.class, ConnectionMetaData.class},
                (proxy, method, arguments) -> null));
        return made;
    }

    @Test
    public void whatAnotherHasReadOfAHeadCounts() {
        OpenHead head = new OpenHead(heads);
        head.restart(600);
        assertTrue(head.mayRead(endPoint()));
        assertEquals(600, heads.bytes());
        OpenHead second = new OpenHead(heads);
        second.restart(700);
        assertFalse("more than its share of what there is", second.mayRead(endPoint()));
        assertEquals(1, heads.cut());
        head.begin();
        second.close();
        assertEquals(0, heads.bytes());
    }
}
