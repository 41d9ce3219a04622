package io.nacre.keystone.applicationcredential;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The paths of an access rule: {@code *} and {@code {name}} stand for one segment or a part of it, never for a slash;
 * {@code **} for anything, also nothing; every other character for itself (keystonemiddleware, {@code _path_matches}).
 * Users write these: all places of the pattern that the path may have reached are followed at once, so that no pattern
 * takes longer than its length times that of the path.
 */
final class PathPattern {
    private static final int WITHIN_SEGMENT = -1;
    private static final int ANYTHING = -2;
    private static final int NOT_A_SLASH = -3;

    private final List<Integer> steps;

    private PathPattern(List<Integer> steps) {
        this.steps = steps;
    }

    static PathPattern of(String text) {
        List<Integer> steps = new ArrayList<>(text.length());
        for (int i = 0; i < text.length(); i++) {
            int close = text.charAt(i) == '{' ? text.indexOf('}', i) : -1;
            if (text.startsWith("**", i)) {
                steps.add(ANYTHING);
                i++;
            } else if (close >= 0 || text.charAt(i) == '*') {
                steps.add(NOT_A_SLASH);
                steps.add(WITHIN_SEGMENT);
                i = Math.max(i, close);
            } else {
                steps.add((int) text.charAt(i));
            }
        }
        return new PathPattern(steps);
    }

    boolean matches(String path) {
        BitSet places = new BitSet(steps.size() + 1);
        reach(places, 0);
        for (int i = 0; i < path.length() && !places.isEmpty(); i++) {
            places = after(places, path.charAt(i));
        }
        return places.get(steps.size());
    }

    private BitSet after(BitSet places, char next) {
        BitSet reached = new BitSet(steps.size() + 1);
        for (int at = places.nextSetBit(0); at >= 0 && at < steps.size(); at = places.nextSetBit(at + 1)) {
            int step = steps.get(at);
            if (step == ANYTHING || (step == WITHIN_SEGMENT && next != '/')) {
                reach(reached, at);
            } else if (step == next || (step == NOT_A_SLASH && next != '/')) {
                reach(reached, at + 1);
            }
        }
        return reached;
    }

    /** Also every place behind it that is reached when what may be nothing is nothing. */
    private void reach(BitSet places, int place) {
        int at = place;
        places.set(at);
        while (at < steps.size() && (steps.get(at) == ANYTHING || steps.get(at) == WITHIN_SEGMENT)) {
            at++;
            places.set(at);
        }
    }
}
