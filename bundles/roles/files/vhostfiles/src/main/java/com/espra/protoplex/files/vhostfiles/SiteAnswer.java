package com.espra.protoplex.files.vhostfiles;

import com.espra.protoplex.api.blob.BlobKeys;
import com.espra.protoplex.api.file.FileReference;
import com.espra.protoplex.api.file.FileServing;
import com.espra.protoplex.api.offer.UnitUnavailableException;
import com.espra.protoplex.files.answers.RequestPath;
import com.espra.protoplex.files.vhostfiles.site.HostNames;
import com.espra.protoplex.files.vhostfiles.site.Site;
import com.espra.protoplex.files.vhostfiles.site.StoredFile;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What one request for a file of a host is answered with. */
final class SiteAnswer {

    private static final String RETRY_SECONDS = "5";
    /** A file may come where the folder is now. */
    private static final int REDIRECT_SECONDS = 60;

    private static final String NO_FILE = "There is no such file.";

    private final Sites sites;
    private final @Nullable FileServing serving;
    private final RareWarning warning;
    private final long maxAgeSeconds;
    private final Request request;
    private final Response response;
    private final Callback callback;

    SiteAnswer(
            Sites sites,
            @Nullable FileServing serving,
            RareWarning warning,
            long maxAgeSeconds,
            Request request,
            Response response,
            Callback callback) {
        this.sites = sites;
        this.serving = serving;
        this.warning = warning;
        this.maxAgeSeconds = maxAgeSeconds;
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    void give() {
        String method = request.getMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            refuse(HttpStatus.METHOD_NOT_ALLOWED_405, "Files are read by GET and HEAD.");
            return;
        }
        Optional<String> host = HostNames.of(Request.getServerName(request));
        if (host.isEmpty()) {
            refuse(HttpStatus.BAD_REQUEST_400, "This is no name of a host.");
            return;
        }
        try {
            Optional<Site> site = sites.site(host.get());
            if (site.isEmpty()) {
                refuse(HttpStatus.NOT_FOUND_404, "Nothing is served at this host.");
            } else {
                of(
                        site.get(),
                        Optional.ofNullable(request.getHttpURI().getPath()).orElse(""));
            }
        } catch (IOException | UnitUnavailableException e) {
            warning.of("what {} has cannot be said: {}", host.get(), e.toString());
            later();
        }
    }

    private void later() {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, RETRY_SECONDS);
        refuse(HttpStatus.SERVICE_UNAVAILABLE_503, "This file cannot be had now: try again.");
    }

    private void of(Site site, String path) throws IOException {
        boolean isFolder = path.endsWith("/");
        Optional<String> key = isFolder ? index(site, path) : RequestPath.key(path.isEmpty() ? "" : path.substring(1));
        if (!path.startsWith("/") || key.isEmpty()) {
            refuse(HttpStatus.BAD_REQUEST_400, "This is no name of a file.");
            return;
        }
        Optional<StoredFile> file = key.get().endsWith("/") ? Optional.empty() : sites.file(site.host(), key.get());
        if (file.isPresent()) {
            if (!serve(file.get(), key.get(), HttpStatus.OK_200, maxAgeSeconds)) {
                warning.of(
                        "'{}' of {} is recorded, and its content {} is not there",
                        key.get(),
                        site.host(),
                        file.get().address());
                missing(site);
            }
        } else if (!isFolder && isFolder(site, key.get())) {
            toFolder(path);
        } else {
            missing(site);
        }
    }

    private void toFolder(String path) {
        String query = request.getHttpURI().getQuery();
        response.setStatus(HttpStatus.MOVED_PERMANENTLY_301);
        response.getHeaders().put(HttpHeader.LOCATION, path + "/" + (query == null ? "" : "?" + query));
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "public, max-age=" + REDIRECT_SECONDS);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        callback.succeeded();
    }

    /** The key of a folder's page; one that ends in a slash, which no file has, if folders have none. */
    private static Optional<String> index(Site site, String path) {
        String index = site.index().isEmpty() ? "/" : site.index();
        if (path.equals("/")) {
            return Optional.of(index);
        }
        return RequestPath.key(path.substring(1, path.length() - 1))
                .map(folder -> folder + "/" + index)
                .filter(key -> key.endsWith("/") || BlobKeys.fault(key).isEmpty());
    }

    private boolean isFolder(Site site, String key) throws IOException {
        String index = key + "/" + site.index();
        return !site.index().isEmpty()
                && BlobKeys.fault(index).isEmpty()
                && sites.file(site.host(), index).isPresent();
    }

    private void missing(Site site) throws IOException {
        Optional<StoredFile> page =
                site.notFound().isEmpty() ? Optional.empty() : sites.file(site.host(), site.notFound());
        if (page.isEmpty() || !serve(page.get(), site.notFound(), HttpStatus.NOT_FOUND_404, 0)) {
            refuse(HttpStatus.NOT_FOUND_404, NO_FILE);
        }
    }

    private boolean serve(StoredFile file, String name, int status, long maxAge) {
        if (serving == null) {
            later();
            return true;
        }
        return serving.serve(
                new FileReference(
                        file.address(),
                        NamedType.of(file.contentType(), name),
                        name,
                        status,
                        maxAge,
                        false,
                        file.modified()),
                request,
                response,
                callback);
    }

    private void refuse(int status, String reason) {
        Response.writeError(request, response, callback, status, reason);
    }
}
