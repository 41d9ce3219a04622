package io.nacre.glance.image;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where the data of images is: shown to those who may know, changed by those who may. */
public interface Places {

    /** Images as the caller may see them. */
    List<Map<String, @Nullable Object>> show(Caller caller, List<Image> images);

    /**
     * One operation of a patch.
     *
     * @param operation add, replace or remove
     * @param position in the list, or - for its end; null for replace
     * @param value null for remove
     */
    record Change(
            String operation,
            @Nullable String position,
            @Nullable JsonNode value) {}

    /**
     * Finds out, before the transaction, what has to be asked of others; faults with FORBIDDEN or INVALID.
     *
     * @param others what else the patch does to the image
     */
    Step prepare(Caller caller, String imageId, List<Change> changes, UnaryOperator<Image> others);

    /** Changes that are ready to be made. */
    interface Step {
        /** Makes them; answers the image as it should be then. Faults with CONFLICT, FORBIDDEN or INVALID. */
        Image apply(Tx tx, Image image);
    }
}
