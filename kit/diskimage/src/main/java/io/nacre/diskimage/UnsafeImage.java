package io.nacre.diskimage;

/** An image that is not what it says, or that reaches out of itself. The message is for its owner. */
public final class UnsafeImage extends Exception {
    private static final long serialVersionUID = 1L;

    public UnsafeImage(String message) {
        super(message, null, false, false);
    }
}
