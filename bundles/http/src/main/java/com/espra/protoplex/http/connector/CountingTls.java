package com.espra.protoplex.http.connector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS that counts its handshakes, and whose clear side counts the heads that are read through it. */
public final class CountingTls extends SslConnectionFactory {

    private final HeadMemory heads;

    public CountingTls(SslContextFactory.Server context, String next, ClientMemory memory) {
        super(context, next);
        this.heads = memory.heads();
        addBean(memory.handshakes(), false);
    }

    @Override
    protected SslConnection newSslConnection(Connector connector, EndPoint endPoint, SSLEngine engine) {
        return new Tls(
                connector.getByteBufferPool(),
                connector.getExecutor(),
                getSslContextFactory(),
                endPoint,
                engine,
                isDirectBuffersForEncryption(),
                isDirectBuffersForDecryption());
    }

    private final class Tls extends SslConnection {

        Tls(
                ByteBufferPool buffers,
                Executor executor,
                SslContextFactory context,
                EndPoint endPoint,
                SSLEngine engine,
                boolean encryptDirect,
                boolean decryptDirect) {
            super(buffers, executor, context, endPoint, engine, encryptDirect, decryptDirect);
        }

        @Override
        protected SslEndPoint newSslEndPoint() {
            return new Clear();
        }

        private final class Clear extends SslEndPoint implements OpenHead.Holder {

            private final OpenHead head = new OpenHead(heads);

            @Override
            public OpenHead head() {
                return head;
            }

            @Override
            public int fill(ByteBuffer buffer) throws IOException {
                return head.mayRead(this) ? head.read(this, buffer, super.fill(buffer)) : -1;
            }
        }
    }
}
