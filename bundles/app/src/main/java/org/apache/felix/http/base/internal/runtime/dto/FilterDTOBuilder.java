package org.apache.felix.http.base.internal.runtime.dto;

import jakarta.servlet.DispatcherType;
import java.util.Arrays;
import org.apache.felix.http.base.internal.handler.FilterHandler;
import org.apache.felix.http.base.internal.runtime.FilterInfo;
import org.jspecify.annotations.Nullable;
import org.osgi.service.servlet.runtime.dto.FailedFilterDTO;
import org.osgi.service.servlet.runtime.dto.FilterDTO;

/**
 * Describes filters, in place of the library's class of this name: that one throws for a filter whose dispatcher types are not words of the
 * specification, and so nothing of its app can be described any more.
 */
public final class FilterDTOBuilder {

    private static final int VALID = -1;

    private FilterDTOBuilder() {}

    /** Describes filters that serve. */
    public static FilterDTO[] build(FilterHandler[] handlers) {
        return Arrays.stream(handlers).map(handler -> build(handler, VALID)).toArray(FilterDTO[]::new);
    }

    /** Describes a filter, and why it does not serve, if so. */
    public static FilterDTO build(FilterHandler handler, int reason) {
        FilterDTO dto = build(handler.getFilterInfo(), reason);
        dto.name = handler.getName();
        dto.servletContextId = handler.getContextServiceId();
        return dto;
    }

    /** Describes a filter that nobody has got yet, and why it does not serve, if so. */
    public static FilterDTO build(FilterInfo info, int reason) {
        FilterDTO dto = reason == VALID ? new FilterDTO() : failed(reason);
        dto.asyncSupported = info.isAsyncSupported();
        dto.dispatcher = names(info.getDispatcher());
        dto.initParams = info.getInitParameters();
        dto.name = info.getName();
        dto.patterns = BuilderConstants.copyWithDefault(info.getPatterns(), BuilderConstants.EMPTY_STRING_ARRAY);
        dto.regexs = BuilderConstants.copyWithDefault(info.getRegexs(), BuilderConstants.EMPTY_STRING_ARRAY);
        dto.serviceId = info.getServiceId();
        dto.servletNames =
                BuilderConstants.copyWithDefault(info.getServletNames(), BuilderConstants.EMPTY_STRING_ARRAY);
        return dto;
    }

    private static FailedFilterDTO failed(int reason) {
        FailedFilterDTO dto = new FailedFilterDTO();
        dto.failureReason = reason;
        return dto;
    }

    private static String[] names(DispatcherType @Nullable [] types) {
        return types == null
                ? BuilderConstants.EMPTY_STRING_ARRAY
                : Arrays.stream(types).map(DispatcherType::name).toArray(String[]::new);
    }
}
