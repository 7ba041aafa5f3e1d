package com.espra.protoplex.files.s3files;

import com.espra.protoplex.api.file.FileReference;
import com.espra.protoplex.blob.core.hash.ContentAddress;
import com.espra.protoplex.files.answers.RequestPath;
import com.espra.protoplex.files.s3files.serve.Refusal;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Serves the files of the store by their keys. */
@Component(service = Handler.class, configurationPid = S3FilesConfig.PID)
@Designate(ocd = S3FilesConfig.class)
public final class S3FilesHandler extends Handler.Abstract {

    private static final int LEAST_DAYS = 30;
    private static final long YEAR = TimeUnit.DAYS.toSeconds(365);

    private final ServedFiles files;
    private final List<String> prefixes;
    private final long maxAge;

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if something in the configuration makes no sense
     */
    @Activate
    public S3FilesHandler(@Reference ServedFiles files, S3FilesConfig config) {
        this.files = files;
        if (config.maxAgeDays() < LEAST_DAYS) {
            throw new IllegalArgumentException("maxAgeDays: use at least " + LEAST_DAYS);
        }
        maxAge = TimeUnit.DAYS.toSeconds(config.maxAgeDays());
        for (String path : config.protoplex_path()) {
            if (!path.startsWith("/") || !path.endsWith("/*")) {
                throw new IllegalArgumentException(
                        "protoplex.path: '" + path + "' is not a path that ends in /*, such as /files/*");
            }
        }
        prefixes = Arrays.stream(config.protoplex_path())
                .map(path -> path.substring(0, path.length() - 1))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        boolean isHead = request.getMethod().equals("HEAD");
        if (!isHead && !request.getMethod().equals("GET")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            refuse(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "Files are read by GET and HEAD.", false);
            return true;
        }
        Optional<String> key = key(request);
        if (key.isEmpty()) {
            refuse(response, callback, HttpStatus.BAD_REQUEST_400, "This is no name of a file.", isHead);
            return true;
        }
        boolean byContent = ContentAddress.isAddress(key.get());
        FileReference file =
                new FileReference(key.get(), "", "", HttpStatus.OK_200, byContent ? YEAR : maxAge, byContent);
        if (!files.serve(file, request, response, callback)) {
            refuse(response, callback, HttpStatus.NOT_FOUND_404, "There is no such file.", isHead);
        }
        return true;
    }

    private Optional<String> key(Request request) {
        String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("");
        return prefixes.stream()
                .filter(path::startsWith)
                .findFirst()
                .flatMap(prefix -> RequestPath.key(path.substring(prefix.length())));
    }

    private static void refuse(Response response, Callback callback, int status, String reason, boolean isHead)
            throws IOException {
        Refusal.send(response, status, reason, isHead);
        callback.succeeded();
    }
}
