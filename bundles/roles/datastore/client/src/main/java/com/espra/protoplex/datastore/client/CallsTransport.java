package com.espra.protoplex.datastore.client;

import com.espra.protoplex.api.datastore.DatastoreAnswer;
import com.espra.protoplex.api.datastore.DatastoreCalls;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What Google's client takes for HTTP, and is a call of another unit: no socket, no token, no address. */
final class CallsTransport extends HttpTransport {

    private static final String PROJECTS = "/projects/";

    private final Supplier<@Nullable DatastoreCalls> calls;
    private final Duration timeout;

    /** @param calls who carries them at the moment; null if nobody is there */
    CallsTransport(Supplier<@Nullable DatastoreCalls> calls, Duration timeout) {
        this.calls = calls;
        this.timeout = timeout;
    }

    @Override
    public boolean supportsMethod(String method) {
        return method.equals("POST");
    }

    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) {
        return new Call(URI.create(url).getPath());
    }

    private final class Call extends LowLevelHttpRequest {
        private final String path;

        Call(String path) {
            this.path = path;
        }

        /** None of them says anything to the datastore of the fleet. */
        @Override
        public void addHeader(String name, String value) {}

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            int project = path.indexOf(PROJECTS) + PROJECTS.length();
            int colon = path.lastIndexOf(':');
            if (project < PROJECTS.length() || colon < project) {
                throw new IOException("'" + path + "' is no call of a datastore");
            }
            DatastoreCalls now = calls.get();
            if (now == null) {
                throw new IOException("no unit of this node brings calls to the datastore: give it the role"
                        + " \"datastore\" or \"datastore-remote\", see docs/datastore.md");
            }
            try {
                return new Answer(
                        now.call(path.substring(project, colon), path.substring(colon + 1), content(), timeout));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (InterruptedIOException) new InterruptedIOException("the call was interrupted").initCause(e);
            } catch (RuntimeException e) {
                // Such as UnitUnavailableException, when its role moves or goes: the client tries again by itself.
                throw new IOException(e.getMessage(), e);
            }
        }

        private byte[] content() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (getStreamingContent() != null) {
                getStreamingContent().writeTo(out);
            }
            if (!"gzip".equals(getContentEncoding())) {
                return out.toByteArray();
            }
            try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
                return plain.readAllBytes();
            }
        }
    }

    private static final class Answer extends LowLevelHttpResponse {
        private final DatastoreAnswer answer;

        Answer(DatastoreAnswer answer) {
            this.answer = answer;
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(answer.message());
        }

        @Override
        public @Nullable String getContentEncoding() {
            return null;
        }

        @Override
        public long getContentLength() {
            return answer.message().length;
        }

        @Override
        public String getContentType() {
            return "application/x-protobuf";
        }

        @Override
        public String getStatusLine() {
            return "HTTP/1.1 " + answer.status();
        }

        @Override
        public int getStatusCode() {
            return answer.status();
        }

        @Override
        public @Nullable String getReasonPhrase() {
            return null;
        }

        @Override
        public int getHeaderCount() {
            return 0;
        }

        @Override
        public String getHeaderName(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public String getHeaderValue(int index) {
            throw new IndexOutOfBoundsException(index);
        }
    }
}
