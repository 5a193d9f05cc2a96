"""发放与回收: numbered controlled copies and their register; 阅读确认: who has read which revision."""
