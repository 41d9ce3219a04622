package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.http.ErrorFormat;
import io.nacre.http.Response;
import io.nacre.http.Violation;

/** Tells whoever has no valid token where one is to be had, as keystone's middleware does before every service. */
record Challenge(ErrorFormat service, String identityUrl) implements ErrorFormat {
    private static final String HEADER = "WWW-Authenticate";

    @Override
    public Response render(Failure failure) {
        Response response = service.render(failure);
        boolean told =
                response.headers().stream().anyMatch(header -> header.getKey().equals(HEADER));
        return failure.status() == 401 && !told
                ? response.header(HEADER, "Keystone uri=\"" + identityUrl + "\"")
                : response;
    }

    @Override
    public String words(Violation violation) {
        return service.words(violation);
    }

    @Override
    public int statusOf(Fault fault) {
        return service.statusOf(fault);
    }
}
