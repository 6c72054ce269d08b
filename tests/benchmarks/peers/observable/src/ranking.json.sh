cat "$RANKING"
